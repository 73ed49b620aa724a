import { expect, it } from 'vitest';
import type { BenchmarkOutcome } from '../../../scripts/bench/run-benchmark.ts';
import { summaryOf } from '../../../scripts/bench/summary.ts';

const outcomes: BenchmarkOutcome[] = [
  {
    name: 'speed',
    results: [
      {
        comparison: 'ten dimensions',
        ours: '3.0 M/s',
        peakMb: 215.4,
        peer: { name: 'gensim', figure: '0.5 M/s', ratio: 6, peakMb: 1194.2 },
        target: { text: '≥ 5 ×', met: true },
      },
      {
        comparison: 'p99',
        ours: '2 ms',
        peakMb: JSON.parse(JSON.stringify(Number.NaN)),
        target: { text: '≤ 1 ms', met: false },
      },
    ],
    skipped: ['SKIPPED pWord2Vec: no binary'],
  },
  { name: 'parity', results: [], skipped: ['SKIPPED parity: no gensim'] },
  { name: 'large', results: [], skipped: [], failed: 'it ended with 1' },
];

it('has a line a comparison, then what did not run and what broke', () => {
  expect(summaryOf(outcomes, true)).toEqual([
    "benchmark  comparison      ours     MiB  peer    peer's    MiB  ratio  target",
    'speed      ten dimensions  3.0 M/s  215  gensim  0.5 M/s  1194   6.00  ≥ 5 ×   met',
    'speed      p99             2 ms                                        ≤ 1 ms  MISSED',
    'SKIPPED pWord2Vec: no binary',
    'SKIPPED parity: no gensim',
    'FAILED large: it ended with 1',
  ]);
});

it('leaves the verdict out when it is not to judge', () => {
  expect(summaryOf(outcomes, false).join('\n')).not.toMatch(/met|MISSED/);
});

it('has no table when nothing was measured', () => {
  expect(summaryOf([outcomes[1]], true)).toEqual(['SKIPPED parity: no gensim']);
});
