import { alignColumns } from '../lib/align-columns.ts';
import type { BenchmarkOutcome } from './run-benchmark.ts';

const HEADER = ['benchmark', 'comparison', 'ours', 'peer', "peer's", 'ratio', 'target', ''];
const RATIO_COLUMN = 5;

/**
 * A line a comparison, then one for each benchmark that did not run or broke.
 *
 * @param judge say whether targets were met; few rounds on small data cannot tell.
 */
export function summaryOf(outcomes: readonly BenchmarkOutcome[], judge: boolean): string[] {
  const rows = outcomes.flatMap(({ name, results }) =>
    results.map(({ comparison, ours, peer, target }) => [
      name,
      comparison,
      ours,
      peer?.name ?? '',
      peer?.figure ?? '',
      peer === undefined ? '' : peer.ratio.toFixed(2),
      target?.text ?? '',
      target === undefined || !judge ? '' : target.met ? 'met' : 'MISSED',
    ]),
  );
  return [
    ...(rows.length > 0 ? alignColumns([HEADER, ...rows], [RATIO_COLUMN]) : []),
    ...outcomes.flatMap(({ name, skipped, failed }) => [
      ...skipped,
      ...(failed === undefined ? [] : [`FAILED ${name}: ${failed}`]),
    ]),
  ];
}
