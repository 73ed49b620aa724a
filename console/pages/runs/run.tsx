import type { Ref } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { useRoute } from 'preact-iso';
import { liveApi, type RunDetails } from '../../api/client.ts';
import { useResource } from '../../api/resource.ts';
import { StageLegend, StageTimeline, spanOf } from '../../charts/stage-timeline.tsx';
import { formatBytes, formatDuration, runTime } from '../../format.ts';
import { RunStatus } from '../../parts/badge.tsx';
import { manifestOf, reportOf } from '../../parts/documents.ts';
import { Page, Panel } from '../../parts/page.tsx';
import { ScrollRegion } from '../../parts/scroll-region.tsx';
import { Await, Empty } from '../../parts/states.tsx';
import { operatorSession } from '../../state.ts';
import { DataPanel } from '../overview/data-panel.tsx';
import { MetricsPanel } from '../overview/metrics-panel.tsx';
import { Verdict } from '../overview/verdict.tsx';
import { ConfirmAction, type PlannedAction } from './confirm-action.tsx';

/** One run: how it went, how good it is, what it was made from and what it left. */
export function RunPage() {
  const { params } = useRoute();
  const runId = params['runId'];
  const run = useResource((signal) => liveApi.run(runId, signal), [runId]);
  const report = useResource((signal) => liveApi.runReport(runId, signal), [runId]);
  const runs = useResource((signal) => liveApi.runs({ limit: 100 }, signal), []);
  const [planned, setPlanned] = useState<PlannedAction>();
  const heading = useRef<HTMLHeadingElement>(null);
  const live = runs.data?.items.find(({ status }) => status === 'live')?.runId ?? null;
  const status = run.data?.status;
  const canGoLive = operatorSession.value?.mayPromote === true && (status === 'ready' || status === 'previous');
  return (
    <Page
      title={`Run of ${runTime(runId)}`}
      lead={<span class="id">{runId}</span>}
      actions={
        <>
          {live !== null && live !== runId && (
            <a class="button" href={`/runs/compare?a=${encodeURIComponent(live)}&b=${encodeURIComponent(runId)}`}>
              Compare with the live run
            </a>
          )}
          {canGoLive && (
            <button type="button" class="primary" onClick={() => setPlanned({ kind: 'promote', runId, live })}>
              Promote
            </button>
          )}
        </>
      }
    >
      <Await resource={run} minHeight={600}>
        {(details) => (
          <>
            <Stages details={details} headingRef={heading} />
            <Failure details={details} />
            <Await resource={report} minHeight={400}>
              {(answer) => (
                <>
                  <Verdict report={reportOf(answer.report)} status={details.status} />
                  {details.failure === null && details.unchanged === null && (
                    <MetricsPanel report={reportOf(answer.report)} />
                  )}
                </>
              )}
            </Await>
            <div class="columns">
              <DataPanel manifest={manifestOf(details.manifest)} report={reportOf(report.data?.report ?? null)} />
              <Lineage details={details} />
            </div>
            <Plots details={details} />
            <Artifacts details={details} />
          </>
        )}
      </Await>
      {planned !== undefined && (
        <ConfirmAction
          action={planned}
          onTried={() => {
            run.reload();
            runs.reload();
          }}
          onClose={(isDone) => {
            setPlanned(undefined);
            if (isDone) heading.current?.focus();
          }}
        />
      )}
    </Page>
  );
}

function Stages({
  details: { stages, status },
  headingRef,
}: {
  details: RunDetails;
  headingRef: Ref<HTMLHeadingElement>;
}) {
  const wholeMs = Math.max(1, spanOf(stages));
  return (
    <Panel
      title="Stages"
      headingRef={headingRef}
      note={
        stages.length > 0 ? `${formatDuration(wholeMs)} from the first stage's start to the last one's end.` : undefined
      }
      actions={<RunStatus status={status} />}
    >
      {stages.length === 0 ? (
        <Empty title="No stage has finished." />
      ) : (
        <>
          <StageLegend />
          <StageTimeline stages={stages} wholeMs={wholeMs} />
          <details>
            <summary>Times, memory and counts of each stage</summary>
            <ScrollRegion label="Stages">
              <table>
                <thead>
                  <tr>
                    <th scope="col">Stage</th>
                    <th scope="col" class="number">
                      Took
                    </th>
                    <th scope="col" class="number">
                      Peak memory
                    </th>
                    <th scope="col">Counts</th>
                  </tr>
                </thead>
                <tbody>
                  {stages.map(({ stage, item, durationMs, peakResidentMb, counts }) => (
                    <tr key={`${stage} ${item}`}>
                      <th scope="row">
                        {stage}
                        {item !== null && <small>{item}</small>}
                      </th>
                      <td class="number">{formatDuration(durationMs)}</td>
                      <td class="number">{peakResidentMb} MiB</td>
                      <td>
                        {Object.entries(counts)
                          .map(([name, n]) => `${name} ${Number(n.toFixed(4))}`)
                          .join(' · ')}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </ScrollRegion>
          </details>
        </>
      )}
    </Panel>
  );
}

function Failure({ details: { failure, unchanged, status } }: { details: RunDetails }) {
  if (failure === null && unchanged === null) return null;
  const title = failure === null ? 'Unchanged' : status === 'stopped' ? 'Why it stopped' : 'Why it failed';
  return (
    <Panel title={title}>
      <table class="facts">
        <tbody>
          {Object.entries(failure ?? reasonOf(unchanged!)).map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td class="breaks">{Array.isArray(value) ? <Lines values={value} /> : textOf(value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

/** Of a run that ended before training, what a person asks for. */
function reasonOf({ verdict, notes }: Record<string, unknown>): Record<string, unknown> {
  const { reason } = (verdict ?? {}) as { reason?: string };
  return { reason: reason ?? 'Nothing was new.', ...(Array.isArray(notes) && notes.length > 0 && { notes }) };
}

function Lines({ values }: { values: readonly unknown[] }) {
  return values.length === 0 ? (
    '–'
  ) : (
    <ul>
      {values.map((value) => (
        <li key={value}>{textOf(value)}</li>
      ))}
    </ul>
  );
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

/** From the hashes of the inputs to the run before. */
function Lineage({ details }: { details: RunDetails }) {
  const manifest = manifestOf(details.manifest);
  if (manifest === undefined) return null;
  const { inputs, lineage, codeVersion } = manifest;
  return (
    <Panel title="Lineage" note="What it was made from, by content.">
      <table class="facts">
        <tbody>
          {inputs.map(({ name, sha256 }) => (
            <tr key={name}>
              <th scope="row" class="id">
                {name}
              </th>
              <td class="id breaks">
                <small>SHA-256</small> {sha256}
              </td>
            </tr>
          ))}
          <tr>
            <th scope="row">code</th>
            <td class="id breaks">{codeVersion}</td>
          </tr>
          <tr>
            <th scope="row">live when it was made</th>
            <td class="breaks">
              {lineage.previous === null ? (
                'nothing'
              ) : (
                <a href={`/runs/${encodeURIComponent(lineage.previous)}`}>{runTime(lineage.previous)}</a>
              )}
            </td>
          </tr>
        </tbody>
      </table>
    </Panel>
  );
}

function Plots({ details: { artifacts } }: { details: RunDetails }) {
  const plots = artifacts.filter(({ key }) => key.endsWith('.svg'));
  if (operatorSession.value == null || plots.length === 0) return null;
  return (
    <Panel title="Plots" note="As the run drew them.">
      <div class="plots">
        {plots.map(({ name, key }) => (
          <img key={key} src={fileOf(key)} alt={name.replaceAll('_', ' ')} loading="lazy" width="640" height="400" />
        ))}
      </div>
    </Panel>
  );
}

function Artifacts({ details: { artifacts } }: { details: RunDetails }) {
  const mayDownload = operatorSession.value != null;
  return (
    <Panel
      title="Artifacts"
      note={
        mayDownload
          ? 'All that the run left.'
          : 'All that the run left. This console cannot download: see docs/console.md.'
      }
    >
      <ScrollRegion label="Artifacts">
        <table>
          <thead>
            <tr>
              <th scope="col">Artifact</th>
              <th scope="col">Stage</th>
              <th scope="col" class="number">
                Size
              </th>
              <th scope="col">SHA-256</th>
            </tr>
          </thead>
          <tbody>
            {artifacts.map(({ name, key, stage, sizeBytes, sha256 }) => (
              <tr key={key}>
                <th scope="row">
                  {mayDownload ? (
                    <a href={fileOf(key)} download>
                      {name}
                    </a>
                  ) : (
                    name
                  )}
                </th>
                <td>{stage ?? '–'}</td>
                <td class="number">{formatBytes(sizeBytes)}</td>
                <td class="id">{sha256 === null ? '–' : `${sha256.slice(0, 12)}…`}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </Panel>
  );
}

function fileOf(key: string): string {
  return `/console/artifacts/${encodeURIComponent(key)}`;
}
