import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { summarizeInputs } from '../../../lambdas/ingest/summarize-inputs.ts';

const sha256Of = (text: string) => createHash('sha256').update(text).digest('hex');

const inputs = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ name: `raw/${i}.csv`, sizeBytes: i, sha256: `${i}`.padStart(64, '0') }));

it('names up to a hundred objects', () => {
  expect(summarizeInputs(inputs(100), sha256Of)).toEqual(inputs(100));
});

it('keeps a count, the size and a digest of more, which changes with any of them', () => {
  const lines = inputs(101).map(({ name, sizeBytes, sha256 }) => `${sha256} ${sizeBytes} ${name}\n`);
  expect(summarizeInputs(inputs(101), sha256Of)).toEqual([
    {
      name: '101 files, raw/0.csv to raw/100.csv',
      sizeBytes: 5050,
      sha256: sha256Of(lines.join('')),
    },
  ]);
  const changed = inputs(101);
  changed[50].sha256 = 'f'.repeat(64);
  expect(summarizeInputs(changed, sha256Of)[0].sha256).not.toBe(summarizeInputs(inputs(101), sha256Of)[0].sha256);
});
