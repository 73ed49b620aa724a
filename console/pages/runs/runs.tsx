import { useRef, useState } from 'preact/hooks';
import { liveApi, type Run } from '../../api/client.ts';
import { useResource } from '../../api/resource.ts';
import { spanOf } from '../../charts/stage-timeline.tsx';
import { formatCount, formatDuration, runTime } from '../../format.ts';
import { RunStatus } from '../../parts/badge.tsx';
import { manifestOf } from '../../parts/documents.ts';
import { Page, Panel } from '../../parts/page.tsx';
import { ScrollRegion } from '../../parts/scroll-region.tsx';
import { Await, Empty } from '../../parts/states.tsx';
import { operatorSession } from '../../state.ts';
import { ConfirmAction, type PlannedAction } from './confirm-action.tsx';

const PAGE = 100;

/** The registry of runs: what is live, what was, and what could be. */
export function Runs() {
  const runs = useResource((signal) => liveApi.runs({ limit: PAGE }, signal), []);
  const [planned, setPlanned] = useState<PlannedAction>();
  const heading = useRef<HTMLHeadingElement>(null);
  const session = operatorSession.value;
  const mayPromote = session?.mayPromote === true;
  return (
    <Page title="Runs" lead="Every training run, newest first. Exactly one is live.">
      <Panel
        title="Registry"
        headingRef={heading}
        note={
          session === undefined || mayPromote
            ? undefined
            : 'This console may only look: promote and roll back with npm run promote and npm run rollback.'
        }
      >
        <Await resource={runs} minHeight={300}>
          {({ items, nextCursor }) => {
            if (items.length === 0) return <Empty title="There is no run yet." />;
            const live = items.find(({ status }) => status === 'live');
            return (
              <>
                <ScrollRegion label="Runs">
                  <table>
                    <thead>
                      <tr>
                        <th scope="col">Run</th>
                        <th scope="col">Status</th>
                        <th scope="col" class="number">
                          Rows
                        </th>
                        <th scope="col" class="number">
                          Sessions
                        </th>
                        <th scope="col" class="number">
                          Products
                        </th>
                        <th scope="col" class="number">
                          Took <small>before publication</small>
                        </th>
                        {mayPromote && <th scope="col">Action</th>}
                      </tr>
                    </thead>
                    <tbody>
                      {items.map((run) => (
                        <RunRow key={run.runId} run={run} live={live} onPlan={mayPromote ? setPlanned : undefined} />
                      ))}
                    </tbody>
                  </table>
                </ScrollRegion>
                {nextCursor !== null && <p class="note">The {PAGE} newest are shown; npm run runs lists all.</p>}
              </>
            );
          }}
        </Await>
      </Panel>
      {planned !== undefined && (
        <ConfirmAction
          action={planned}
          onTried={runs.reload}
          onClose={(isDone) => {
            setPlanned(undefined);
            if (isDone) heading.current?.focus();
          }}
        />
      )}
    </Page>
  );
}

function RunRow({
  run,
  live,
  onPlan,
}: {
  run: Run;
  live: Run | undefined;
  onPlan: ((action: PlannedAction) => void) | undefined;
}) {
  const { runId, status } = run;
  const manifest = manifestOf(run.manifest);
  const count = (name: string) => (manifest?.counts[name] === undefined ? '–' : formatCount(manifest.counts[name]));
  const kind = status === 'previous' ? 'rollback' : 'promote';
  const canGoLive = status === 'previous' || status === 'ready';
  return (
    <tr>
      <th scope="row" class="run-name">
        <a href={`/runs/${encodeURIComponent(runId)}`}>{runTime(runId)}</a> <small class="id">{runId}</small>
      </th>
      <td>
        <RunStatus status={status} />
      </td>
      <td class="number">{count('rows')}</td>
      <td class="number">{count('sessions')}</td>
      <td class="number">{count('products')}</td>
      <td class="number">{manifest === undefined ? '–' : formatDuration(spanOf(manifest.stages))}</td>
      {onPlan && (
        <td>
          {canGoLive && (
            <button type="button" onClick={() => onPlan({ kind, runId, live: live?.runId ?? null })}>
              {kind === 'rollback' ? 'Roll back' : 'Promote'}
            </button>
          )}
        </td>
      )}
    </tr>
  );
}
