import { liveApi } from '../../api/client.ts';
import { useResource } from '../../api/resource.ts';
import { StageLegend, StageTimeline, spanOf } from '../../charts/stage-timeline.tsx';
import { formatDuration, runTime } from '../../format.ts';
import { RunStatus } from '../../parts/badge.tsx';
import { manifestOf } from '../../parts/documents.ts';
import { Panel } from '../../parts/page.tsx';
import { Await, Empty } from '../../parts/states.tsx';

const SHOWN = 6;

/** The last runs, each as a line of its stages. */
export function RecentRuns() {
  const runs = useResource((signal) => liveApi.runs({ limit: SHOWN }, signal), []);
  return (
    <Panel
      title="Last runs"
      note="The stages of each run by the time that they took."
      actions={<a href="/runs">All runs</a>}
    >
      <Await resource={runs} minHeight={160}>
        {({ items }) => {
          const timed = items.map((run) => ({ ...run, stages: manifestOf(run.manifest)?.stages ?? [] }));
          const wholeMs = Math.max(1, ...timed.map(({ stages }) => spanOf(stages)));
          if (items.length === 0) return <Empty title="There is no run yet." />;
          return (
            <>
              <StageLegend />
              <ul class="timelines">
                {timed.map(({ runId, status, stages }) => (
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
