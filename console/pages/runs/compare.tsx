import type { Estimate } from '../../../engine/evaluation/figures.ts';
import type { RunReport } from '../../../engine/evaluation/run-report.ts';
import { liveApi } from '../../api/client.ts';
import { useResource } from '../../api/resource.ts';
import { formatAmount, formatCount, formatFigure, formatSigned, runTime } from '../../format.ts';
import { manifestOf, reportOf } from '../../parts/documents.ts';
import { GAINS, type Gain, servedGains } from '../../parts/gains.ts';
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
  const fair = fairComparison(left, right);
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
                    On the same sessions <small>{fair.on}</small>
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
                        <Interval estimate={fair.difference[gain]} />
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

/** Both models asked the same, as the second run measured it: of new sessions, else of those that the first was measured on. */
function fairComparison(
  left: Side,
  right: Side,
): { on: string; difference: Partial<Record<Gain, Estimate>> } | undefined {
  const { comparison, reference } = right.report?.evaluation ?? {};
  if (comparison?.runId === left.runId) {
    return { on: `${formatCount(comparison.sessions)} that neither has seen`, difference: comparison.difference };
  }
  if (reference?.runId !== left.runId) return undefined;
  const on = `${formatAmount(reference.positions, 'view')} that the first was measured on`;
  return { on, difference: reference.difference };
}

function Interval({ estimate }: { estimate: Estimate | undefined }) {
  if (estimate === undefined) return '–';
  return (
    <>
      {formatSigned(estimate.value)}
      <small>
        {formatSigned(estimate.low)} to {formatSigned(estimate.high)}
      </small>
    </>
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
