import { type DataProfile, liveApi, type RejectedRows } from '../../api/client.ts';
import { useResource } from '../../api/resource.ts';
import { BarChart } from '../../charts/bar-chart.tsx';
import { LineChart } from '../../charts/line-chart.tsx';
import { formatAmount, formatCompact, formatCount, formatShare, formatShortDay, runTime } from '../../format.ts';
import { manifestOf, reportOf } from '../../parts/documents.ts';
import { Page, Panel } from '../../parts/page.tsx';
import { ScrollRegion } from '../../parts/scroll-region.tsx';
import { Await, Empty } from '../../parts/states.tsx';
import { RunPicker, useRunApi } from '../../parts/use-run.tsx';
import { DataPanel } from '../overview/data-panel.tsx';
import { shareOfMost } from './share-of-most.ts';

/** What a run read, what it could not use, and what the clicks look like. */
export function Data() {
  const { runId, choose } = useRunApi();
  const id = runId ?? 'live';
  const run = useResource((signal) => liveApi.run(id, signal), [id]);
  const report = useResource((signal) => liveApi.runReport(id, signal), [id]);
  const data = useResource((signal) => liveApi.runData(id, signal), [id]);
  const rejected = useResource((signal) => liveApi.rejectedRows(id, { limit: 50 }, signal), [id]);
  return (
    <Page
      title="Data"
      lead="What the run read, what it could not use, and what the clicks look like."
      actions={<RunPicker label="Clicks of" value={runId} onChoose={choose} />}
    >
      <div class="columns">
        <Await resource={run} minHeight={420}>
          {({ manifest }) => (
            <DataPanel manifest={manifestOf(manifest)} report={reportOf(report.data?.report ?? null)} />
          )}
        </Await>
        <Await resource={rejected} minHeight={420}>
          {(rows) => <Rejected rows={rows} />}
        </Await>
      </div>
      <Await resource={data} minHeight={900}>
        {({ profile }) =>
          profile === null ? (
            <Empty title="This run kept no profile of its clicks.">
              <p>It was made by an older release, or it did not finish. The next run keeps one.</p>
            </Empty>
          ) : (
            <Profile profile={profile} />
          )
        }
      </Await>
    </Page>
  );
}

function Profile({ profile }: { profile: DataProfile }) {
  const { sessionLengths, popularity, views, sinceLive } = profile;
  const longest = sessionLengths.at(-1)?.views;
  const shortest = Math.max(
    0,
    sessionLengths.findIndex(({ sessions }) => sessions > 0),
  );
  const products = popularity.at(-1)?.products ?? 0;
  const fifth = shareOfMost(popularity, products / 5);
  return (
    <>
      <Panel
        title="Views over time"
        note={views === null ? undefined : `Views of the sessions that began in each ${views.unit}.`}
      >
        {views === null ? (
          <Empty title="The clickstream has no times." />
        ) : (
          <LineChart
            title="Views over time"
            kind="time"
            x={views.unit === 'day' ? 'day, UTC' : `first day of each ${views.unit}, UTC`}
            y="views"
            points={views.periods.map((period) => ({ x: Date.parse(period.from), y: period.views }))}
            formatX={formatShortDay}
            formatY={formatCompact}
            countsY
          />
        )}
      </Panel>
      <div class="columns">
        <Panel
          title="Session lengths"
          note="Sessions by their number of views, repeats included. Those of one view are left out: nothing follows it."
        >
          <BarChart
            title="Sessions by number of views"
            x="views in a session"
            y="sessions"
            bars={sessionLengths.slice(shortest).map(({ views: length, sessions }) => ({
              name: length === longest && length === 30 ? '30+' : String(length),
              value: sessions,
            }))}
          />
        </Panel>
        <Panel
          title="Popularity"
          note={fifth && `The most viewed fifth of the products has about ${formatShare(fifth)} of the views.`}
        >
          <LineChart
            title="Share of views of the most viewed products"
            kind="log"
            x="most viewed products"
            y="share of all views"
            points={popularity.map((point) => ({ x: point.products, y: point.share }))}
            formatX={formatCompact}
            formatY={formatShare}
            top={1}
          />
        </Panel>
      </div>
      <Panel
        title="New and gone"
        note={sinceLive === null ? undefined : `Against the run that was live then, of ${runTime(sinceLive.runId)}.`}
      >
        {sinceLive === null ? (
          <Empty title="No other run was live when this one was made." />
        ) : (
          <div class="columns">
            <Examples title={formatAmount(sinceLive.newProducts, 'new product')} ids={sinceLive.newExamples} />
            <Examples title={`${formatAmount(sinceLive.goneProducts, 'product')} gone`} ids={sinceLive.goneExamples} />
          </div>
        )}
      </Panel>
    </>
  );
}

function Examples({ title, ids }: { title: string; ids: readonly string[] }) {
  return (
    <div>
      <h3>{title}</h3>
      {ids.length > 0 && <p class="id muted">{ids.join(', ')}</p>}
    </div>
  );
}

function Rejected({ rows: { rejectedRows, reasons, items } }: { rows: RejectedRows }) {
  if (rejectedRows === null || rejectedRows === 0) {
    return (
      <Panel title="Rejected rows">
        <Empty title={rejectedRows === null ? 'The run read no rows.' : 'No row was rejected.'} />
      </Panel>
    );
  }
  return (
    <Panel
      title="Rejected rows"
      note={`${formatAmount(rejectedRows, 'row')} could not be used${items.length < rejectedRows ? `. The first ${items.length}` : ''}:`}
    >
      <ul class="legend">
        {reasons.map(({ reason, rows }) => (
          <li key={reason}>
            <strong>{formatCount(rows)}</strong> {reason}
          </li>
        ))}
      </ul>
      <ScrollRegion label="Rejected rows">
        <table>
          <thead>
            <tr>
              <th scope="col">Line</th>
              <th scope="col">Column</th>
              <th scope="col">Reason</th>
              <th scope="col">Row</th>
            </tr>
          </thead>
          <tbody>
            {items.map((row) => (
              <tr key={`${row.file} ${row.line} ${row.column}`}>
                <th scope="row" class="number">
                  {row.line ?? '–'}
                  <small>{row.file}</small>
                </th>
                <td>{row.column ?? '–'}</td>
                <td>{row.reason}</td>
                <td class="id">{row.content ?? ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </Panel>
  );
}
