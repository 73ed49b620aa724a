import type { StageResult } from '../../engine/artifacts/stage-record.ts';
import { progressChannel, type StageProgress } from '../../lambdas/shared/progress.ts';
import type { RunEvents } from './local-run.ts';

export interface Screen {
  isTTY?: boolean;
  write(text: string): unknown;
}

/** Seconds of each stage, in order; of all its items where it ran over items. */
export type StageSeconds = Record<string, number>;

/**
 * Shows a run as a line a stage, or a line an item of it: what it counted and how long it took. On a terminal the line
 * of the running stage moves; elsewhere each line is printed once, when it is final.
 */
export function showRun(
  screen: Screen,
  nowMs: () => number,
): { events: RunEvents; seconds: StageSeconds; close(): void } {
  const seconds: StageSeconds = {};
  // In one process, items that run side by side work one after the other: each takes the time since the last ended.
  // It begins with the first stage: the clock of a deployed run stands until its first event is read.
  let lastEndMs: number | undefined;
  const elapsedSeconds = () => (nowMs() - (lastEndMs ?? nowMs())) / 1000;
  const line = (stage: string, text: string) =>
    `  ${stage.padEnd(9)} ${elapsedSeconds().toFixed(1).padStart(6)} s  ${text}`;
  const replaceLine = (text: string) => screen.write(screen.isTTY ? `\r\x1b[2K${text}` : text);
  const onProgress = (message: unknown) => {
    const { stage, done, total, unit } = message as StageProgress;
    const share = total === undefined ? formatNumber(done) : `${formatNumber(done)} of ${formatNumber(total)}`;
    if (screen.isTTY) replaceLine(line(stage, `${share} ${unit}`));
  };
  const end = (stage: string, text: string) => {
    seconds[stage] = (seconds[stage] ?? 0) + elapsedSeconds();
    replaceLine(`${line(stage, text)}\n`);
    lastEndMs = nowMs();
  };
  progressChannel.subscribe(onProgress);
  return {
    seconds,
    events: {
      stageStarted(stage) {
        lastEndMs ??= nowMs();
        if (screen.isTTY) replaceLine(line(stage, '…'));
      },
      stageFinished(stage, item, { counts }: StageResult) {
        end(stage, item === undefined ? describeCounts(counts) : `${item}: ${describeCounts(counts)}`);
      },
      stageFailed(stage) {
        end(stage, 'failed');
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
    .map(([name, value]) => {
      const words = name.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
      return `${formatNumber(value)} ${value === 1 ? singular(words) : words}`;
    })
    .join(', ');
}

/** `candidates` → `candidate`, `sequences of one product` → `sequence of one product`, `rejected rows` → `rejected row`. */
function singular(words: string): string {
  return /^\w+[^s]s\b/.test(words) ? words.replace(/s\b/, '') : words.replace(/(?<=[^s])s$/, '');
}

function formatNumber(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: Number.isInteger(value) ? 21 : 4 });
}
