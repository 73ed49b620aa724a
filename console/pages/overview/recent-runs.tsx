import { liveApi } from '../../api/client.ts';
import { useResource } from '../../api/resource.ts';
import { StageLegend, StageTimeline, spanOf } from '../../charts/stage-timeline.tsx';
import { formatDuration, runTime } from '../../format.ts';
import { RunStatus } from '../../parts/badge.tsx';
import { Panel } from '../../parts/page.tsx';
import { Await, Empty } from '../../parts/states.tsx';

const SHOWN = 6;

/** The last runs, each as a line of its stages. */
export function RecentRuns() {
  // The manifest is written before the last stage ends: only a run's own records hold all of them.
  const runs = useResource(async (signal) => {
    const { items } = await liveApi.runs({ limit: SHOWN }, signal);
    return Promise.all(items.map(({ runId }) => liveApi.run(runId, signal)));
  }, []);
  return (
    <Panel
      title="Last runs"
      note="The stages of each run by the time that they took."
      actions={<a href="/runs">All runs</a>}
    >
      <Await resource={runs} minHeight={160}>
        {(items) => {
          const wholeMs = Math.max(1, ...items.map(({ stages }) => spanOf(stages)));
          if (items.length === 0) return <Empty title="There is no run yet." />;
          return (
            <>
              <StageLegend />
              <ul class="timelines">
                {items.map(({ runId, status, stages }) => (
                  <li key={runId}>
                    <span class="when">
                      <a href={`/runs/${encodeURIComponent(runId)}`}>{runTime(runId)}</a> <RunStatus status={status} />
                    </span>
                    {stages.length > 0 ? (
                      <StageTimeline stages={stages} wholeMs={wholeMs} />
                    ) : (
                      <span class="muted">It left no timings.</span>
                    )}
                    <span class="number">{stages.length > 0 && formatDuration(spanOf(stages))}</span>
                  </li>
                ))}
              </ul>
            </>
          );
        }}
      </Await>
    </Panel>
  );
}
