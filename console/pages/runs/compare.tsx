import type { RunReport } from '../../../engine/evaluation/run-report.ts';
import { liveApi } from '../../api/client.ts';
import { useResource } from '../../api/resource.ts';
import { formatCount, formatFigure, formatSigned, runTime } from '../../format.ts';
import { manifestOf, reportOf } from '../../parts/documents.ts';
import { GAINS, servedGains } from '../../parts/gains.ts';
import { Page, Panel } from '../../parts/page.tsx';
import { ScrollRegion } from '../../parts/scroll-region.tsx';
import { Await, Empty } from '../../parts/states.tsx';
import { useQuery } from '../../parts/use-query.ts';

/** Two runs beside each other: metrics, settings, data. */
export function Compare() {
  const { query } = useQuery();
  const [a, b] = [query.get('a') ?? 'live', query.get('b') ?? 'live'];
  const both = useResource(
    async (signal) => {
      const read = async (id: string) => {
        const [run, { report }] = await Promise.all([liveApi.run(id, signal), liveApi.runReport(id, signal)]);
        return { runId: run.runId, status: run.status, manifest: manifestOf(run.manifest), report: reportOf(report) };
      };
      return Promise.all([read(a), read(b)]);
    },
    [a, b],
  );
  return (
    <Page title="Compare runs" lead="What differs between two runs, and whether it is more than chance.">
      <Await resource={both} minHeight={700}>
        {([left, right]) => (
          <>
            <Metrics left={left} right={right} />
            <Differences
              title="Settings"
              empty="Their settings are the same."
              names={[left, right].map(nameOf)}
              left={left.manifest?.settings}
              right={right.manifest?.settings}
            />
            <Differences
              title="Data and counts"
              empty="Their counts are the same."
              names={[left, right].map(nameOf)}
              left={left.manifest?.counts}
              right={right.manifest?.counts}
            />
          </>
        )}
      </Await>
    </Page>
  );
}

interface Side {
  runId: string;
  status: string;
  report: RunReport | undefined;
}

function nameOf({ runId, status }: Side): string {
  return `${runTime(runId)} (${status})`;
}

function Metrics({ left, right }: { left: Side; right: Side }) {
  const [a, b] = [left, right].map(({ report }) => {
    const strategy = report?.defaultStrategy;
    const evaluation = strategy && report?.evaluation.backtest?.evaluations[strategy];
    return evaluation ? { strategy, gains: servedGains(evaluation) } : undefined;
  });
  const fair =
    right.report?.evaluation.comparison?.runId === left.runId ? right.report.evaluation.comparison : undefined;
  return (
    <Panel
      title="Metrics"
      note="Each as its own run measured it, on its own held-out sessions, as served by its default strategy. Intervals that do not overlap differ by more than chance; the sessions may differ, too."
    >
      {a === undefined || b === undefined ? (
        <Empty title={`${a === undefined ? nameOf(left) : nameOf(right)} was not measured.`} />
      ) : (
        <ScrollRegion label="Metrics of both runs">
          <table>
            <thead>
              <tr>
                <th scope="col">Metric</th>
                <th scope="col" class="number">
                  {nameOf(left)} <small>{a.strategy}</small>
                </th>
                <th scope="col" class="number">
                  {nameOf(right)} <small>{b.strategy}</small>
                </th>
                <th scope="col" class="number">
                  Difference
                </th>
                {fair && (
                  <th scope="col" class="number">
                    On the same sessions <small>{formatCount(fair.sessions)} that neither has seen</small>
                  </th>
                )}
              </tr>
            </thead>
            <tbody>
              {GAINS.map((gain) => {
                const [x, y] = [a.gains[gain], b.gains[gain]];
                return (
                  <tr key={gain}>
                    <th scope="row">{gain}</th>
                    {[x, y].map(({ value, low, high }, i) => (
                      <td class="number" key={i === 0 ? 'left' : 'right'}>
                        {formatFigure(value)}
                        <small>
                          {formatFigure(low)}–{formatFigure(high)}
                        </small>
                      </td>
                    ))}
                    <td class="number">
                      {formatSigned(y.value - x.value)}
                      <small>{x.high < y.low || y.high < x.low ? 'intervals apart' : 'intervals overlap'}</small>
                    </td>
                    {fair && (
                      <td class="number">
                        {formatSigned(fair.difference[gain].value)}
                        <small>
                          {formatSigned(fair.difference[gain].low)} to {formatSigned(fair.difference[gain].high)}
                        </small>
                      </td>
                    )}
                  </tr>
                );
              })}
            </tbody>
          </table>
        </ScrollRegion>
      )}
    </Panel>
  );
}

function Differences({
  title,
  empty,
  names,
  left = {},
  right = {},
}: {
  title: string;
  empty: string;
  names: readonly string[];
  left: object | undefined;
  right: object | undefined;
}) {
  const [a, b] = [left as Record<string, unknown>, right as Record<string, unknown>];
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((key) => text(a[key]) !== text(b[key]));
  return (
    <Panel title={title}>
      {keys.length === 0 ? (
        <Empty title={empty} />
      ) : (
        <ScrollRegion label={`${title} that differ`}>
          <table>
            <thead>
              <tr>
                <th scope="col">Name</th>
                {names.map((name, i) => (
                  <th scope="col" class="number" key={i === 0 ? 'left' : 'right'}>
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {keys.map((key) => (
                <tr key={key}>
                  <th scope="row">{key}</th>
                  <td class="number">{text(a[key])}</td>
                  <td class="number">{text(b[key])}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
    </Panel>
  );
}

function text(value: unknown): string {
  if (value === undefined) return '–';
  if (typeof value === 'number')
    return Number.isInteger(value) ? formatCount(value) : String(Number(value.toPrecision(6)));
  return typeof value === 'string' ? value : JSON.stringify(value);
}
