/** One line of the summary of `npm run bench`. */
export interface BenchResult {
  /** What was measured: settings, corpus, threads. */
  comparison: string;
  /** With its unit. */
  ours: string;
  /** Most resident memory in MiB, where it was measured. */
  peakMb?: number;
  peer?: {
    name: string;
    /** With its unit. */
    figure: string;
    peakMb?: number;
    /** How many times as fast, or as good, ours is. */
    ratio: number;
  };
  target?: { text: string; met: boolean };
}

/** Set by `npm run bench` for its children: they print their results for it, beside the lines for people. */
export const RESULTS_VARIABLE = 'ALIKE_BENCH_RESULTS';
/** What starts a line with a result. */
export const RESULT_MARK = 'result\t';
/** What starts a line that says what a machine lacks; the summary repeats it. */
export const SKIPPED_MARK = 'SKIPPED ';

export function reportResult(result: BenchResult): void {
  if (process.env[RESULTS_VARIABLE] !== undefined) console.log(`${RESULT_MARK}${JSON.stringify(result)}`);
}

/** @param unit after both numbers: ` ×`, ` s`. */
export function atLeast(value: number, least: number, unit = ' ×'): NonNullable<BenchResult['target']> {
  return { text: `≥ ${least}${unit}`, met: value >= least };
}

/** @param unit after both numbers: ` ×`, ` ms`. */
export function atMost(value: number, most: number, unit: string): NonNullable<BenchResult['target']> {
  return { text: `≤ ${most}${unit}`, met: value <= most };
}
