import { expect, test } from 'vitest';
import { explained, explainedLater } from '../../../engine/clicks/explain-reading.ts';
import type { Scan } from '../../../engine/clicks/scan.ts';
import type { SourceFile } from '../../../engine/clicks/source-file.ts';
import { InputError } from '../../../engine/errors.ts';

const file = { name: 'wide.csv', path: '/tmp/x', format: 'csv' } as SourceFile;
const scan = { files: [{ file, rows: 1, skippedRecords: [] }] } as unknown as Scan;
const failing = () => {
  throw new Error(
    'Out of Memory Error: failed to pin block of size 256.0 KiB (1.3 GiB/1.3 GiB used)\n\nPossible solutions',
  );
};

test('too little memory is not told as damage, whenever it shows', async () => {
  const advice = new InputError(
    'wide.csv cannot be read in the memory that there is for it (1.3 GiB): it has many columns, or long texts. Export the columns that are needed and leave the others out, or read it on a machine with more memory.',
  );
  await expect(explained([file], failing)).rejects.toThrow(advice);
  await expect(explainedLater([scan], async () => failing())).rejects.toThrow(advice);
});

test.each([
  ['/tmp/source-1', 'raw/day $& 1.parquet'],
  ['/tmp/source-12', 'raw/day $& 12.parquet'],
  ['/tmp/source-20.plain', 'raw/day $& 20.parquet'],
])(
  'GIVEN many files of which %s cannot be read THEN that one is named, and none whose path begins alike',
  async (path, name) => {
    const files = Array.from({ length: 25 }, (_, i) => {
      return {
        name: `raw/day $& ${i}.parquet`,
        path: `/tmp/source-${i}${i === 20 ? '.plain' : ''}`,
        format: 'parquet',
      } as SourceFile;
    });
    const reading = explained(files, () => {
      throw new Error(`Invalid Input Error: No magic bytes found at end of file '${path}'`);
    });
    await expect(reading).rejects.toThrow(
      new InputError(
        `${name} cannot be read as Parquet: No magic bytes found at end of file '${name}'. If it was cut off or damaged on its way, upload it again.`,
      ),
    );
  },
);
