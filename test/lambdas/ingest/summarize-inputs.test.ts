import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { summarizeInputs } from '../../../lambdas/ingest/summarize-inputs.ts';

const sha256Of = (text: string) => createHash('sha256').update(text).digest('hex');

const inputs = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ name: `raw/${i}.csv`, sizeBytes: i, sha256: `${i}`.padStart(64, '0') }));

const TIMED = { columns: { session: 's', product: 'p', time: ['t'] } };
const UNTIMED = { columns: { session: 's', product: 'p' } };

it('names up to a hundred objects', () => {
  expect(summarizeInputs(inputs(100), TIMED, sha256Of)).toEqual(inputs(100));
});

it('keeps a count, the size and a digest of more, which changes with what any of them holds', () => {
  const lines = inputs(101).map(({ sizeBytes, sha256 }) => `${sha256} ${sizeBytes}\n`);
  expect(summarizeInputs(inputs(101), TIMED, sha256Of)).toEqual([
    {
      name: '101 files, raw/0.csv to raw/100.csv',
      sizeBytes: 5050,
      sha256: sha256Of(lines.toSorted().join('')),
    },
  ]);
  const changed = inputs(101);
  changed[50].sha256 = 'f'.repeat(64);
  const digest = (given: ReturnType<typeof inputs>) => summarizeInputs(given, TIMED, sha256Of)[0].sha256;
  expect(digest(changed)).not.toBe(digest(inputs(101)));
});

it.each([
  ['stays the same under other names and in another order', TIMED, true],
  ['changes with the order where no time says which sessions are the newest', UNTIMED, false],
])('a digest of many %s', (_, request, isSame) => {
  const renamed = inputs(101).toReversed();
  const [one, other] = [inputs(101), renamed].map((given) => summarizeInputs(given, request, sha256Of)[0].sha256);
  expect(one === other).toBe(isSame);
});
