import { progressChannel, type StageProgress } from '../../lambdas/shared/io/progress.ts';
import type { StageResult } from '../../lambdas/shared/stage-record.ts';
import type { RunEvents } from './local-run.ts';

export interface Screen {
  isTTY?: boolean;
  write(text: string): unknown;
}

/** Seconds of each finished stage, in order. */
export type StageSeconds = Record<string, number>;

/**
 * Shows a run as one line a stage: what it counted and how long it took. On a terminal the line of the running stage
 * moves; elsewhere each stage prints its line once, when it ends.
 */
export function showRun(
  screen: Screen,
  nowMs: () => number,
): { events: RunEvents; seconds: StageSeconds; close(): void } {
  const seconds: StageSeconds = {};
  let startedAtMs = nowMs();
  const line = (stage: string, text: string) => {
    const elapsed = ((nowMs() - startedAtMs) / 1000).toFixed(1);
    return `  ${stage.padEnd(9)} ${elapsed.padStart(6)} s  ${text}`;
  };
  const replaceLine = (text: string) => screen.write(screen.isTTY ? `\r\x1b[2K${text}` : text);
  const onProgress = (message: unknown) => {
    const { stage, done, total, unit } = message as StageProgress;
    const share = total === undefined ? formatNumber(done) : `${formatNumber(done)} of ${formatNumber(total)}`;
    if (screen.isTTY) replaceLine(line(stage, `${share} ${unit}`));
  };
  progressChannel.subscribe(onProgress);
  return {
    seconds,
    events: {
      stageStarted(stage) {
        startedAtMs = nowMs();
        if (screen.isTTY) replaceLine(line(stage, '…'));
      },
      stageFinished(stage, { counts }: StageResult) {
        seconds[stage] = (nowMs() - startedAtMs) / 1000;
        replaceLine(`${line(stage, describeCounts(counts))}\n`);
      },
      stageFailed(stage) {
        replaceLine(`${line(stage, 'failed')}\n`);
      },
    },
    close() {
      progressChannel.unsubscribe(onProgress);
    },
  };
}

/** `{ rows: 165474, rejectedRows: 0 }` → "165,474 rows, 0 rejected rows". */
export function describeCounts(counts: Record<string, number>): string {
  return Object.entries(counts)
    .map(
      ([name, value]) => `${formatNumber(value)} ${name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}`,
    )
    .join(', ');
}

function formatNumber(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: Number.isInteger(value) ? 21 : 4 });
}
