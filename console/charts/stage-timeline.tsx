import { formatDuration } from '../format.ts';

export interface TimedStage {
  stage: string;
  startedAt: string;
  durationMs: number;
}

/** Neighbouring stages differ in lightness as well as in hue. */
const STAGES = ['ingest', 'sequence', 'plan', 'backtest', 'evaluate', 'embed', 'cluster', 'publish'];

export function StageLegend() {
  return (
    <ul class="legend">
      {STAGES.map((stage, i) => (
        <li key={stage}>
          <span class={`swatch stage-${i}`} /> {stage}
        </li>
      ))}
    </ul>
  );
}

/** A run's stages on one line, by the time that each took. @param wholeMs that the full width stands for. */
export function StageTimeline({ stages, wholeMs }: { stages: readonly TimedStage[]; wholeMs: number }) {
  const bars = placeStages(stages);
  return (
    <svg class="timeline" viewBox="0 0 1000 18" preserveAspectRatio="none" role="img" aria-label={describe(stages)}>
      {bars.map(({ stage, item, start, end }) => (
        <rect
          key={`${stage}-${item}`}
          class={`stage-${STAGES.indexOf(stage)}`}
          x={(1000 * start) / wholeMs}
          width={Math.max(2, (1000 * (end - start)) / wholeMs)}
          height="18"
        >
          <title>{`${stage}: ${formatDuration(end - start)}`}</title>
        </rect>
      ))}
    </svg>
  );
}

/** From the first start to the last end, in milliseconds. */
export function spanOf(stages: readonly TimedStage[]): number {
  if (stages.length === 0) return 0;
  const starts = stages.map(({ startedAt }) => Date.parse(startedAt));
  return Math.max(...stages.map(({ durationMs }, i) => starts[i] + durationMs)) - Math.min(...starts);
}

function placeStages(stages: readonly TimedStage[]) {
  const begin = Math.min(...stages.map(({ startedAt }) => Date.parse(startedAt)));
  return stages.map(({ stage, startedAt, durationMs }, item) => {
    const start = Date.parse(startedAt) - begin;
    return { stage, item, start, end: start + durationMs };
  });
}

function describe(stages: readonly TimedStage[]): string {
  return stages.map(({ stage, durationMs }) => `${stage} ${formatDuration(durationMs)}`).join(', ');
}
