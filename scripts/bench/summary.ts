import { alignColumns } from '../lib/align-columns.ts';
import type { BenchmarkOutcome } from './run-benchmark.ts';

const HEADER = ['benchmark', 'comparison', 'ours', 'MiB', 'peer', "peer's", 'MiB', 'ratio', 'target', ''];
/** Numbers without a unit. */
const RIGHT_ALIGNED = [3, 6, 7];

/**
 * A line a comparison, then one for each benchmark that did not run or broke.
 *
 * @param judge say whether targets were met; few rounds on small data cannot tell.
 */
export function summaryOf(outcomes: readonly BenchmarkOutcome[], judge: boolean): string[] {
  const rows = outcomes.flatMap(({ name, results }) =>
    results.map(({ comparison, ours, peakMb, peer, target }) => [
      name,
      comparison,
      ours,
      mebibytes(peakMb),
      peer?.name ?? '',
      peer?.figure ?? '',
      mebibytes(peer?.peakMb),
      peer === undefined ? '' : peer.ratio.toFixed(2),
      target?.text ?? '',
      target === undefined || !judge ? '' : target.met ? 'met' : 'MISSED',
    ]),
  );
  return [
    ...(rows.length > 0 ? alignColumns([HEADER, ...rows], RIGHT_ALIGNED) : []),
    ...outcomes.flatMap(({ name, skipped, failed }) => [
      ...skipped,
      ...(failed === undefined ? [] : [`FAILED ${name}: ${failed}`]),
    ]),
  ];
}

/** Nothing where it was not measured: without /proc it comes as NaN, which JSON turns into null. */
function mebibytes(peakMb: number | null | undefined): string {
  return typeof peakMb === 'number' && Number.isFinite(peakMb) ? peakMb.toFixed(0) : '';
}
