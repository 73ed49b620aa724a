import { useState } from 'preact/hooks';
import type { Backtest } from '../../../engine/evaluation/run-evaluation.ts';
import type { RunReport } from '../../../engine/evaluation/run-report.ts';
import { IntervalChart } from '../../charts/interval-chart.tsx';
import { formatAmount, formatCount, formatFigure } from '../../format.ts';
import { GAIN_MEANINGS, GAINS, type Gain, servedGains } from '../../parts/gains.ts';
import { Panel } from '../../parts/page.tsx';
import { ScrollRegion } from '../../parts/scroll-region.tsx';
import { Empty } from '../../parts/states.tsx';

/** The run's strategies and every baseline on the sessions that were held out. */
export function MetricsPanel({ report }: { report: RunReport | undefined }) {
  const [gain, setGain] = useState<Gain>('HR@20');
  const backtest = report?.evaluation.backtest;
  if (backtest == null) {
    return (
      <Panel title="How good it is">
        <Empty title="This run was not measured.">
          <p>{report?.evaluation.notMeasured ?? 'It has no report with metrics.'}</p>
        </Empty>
      </Panel>
    );
  }
  const rows = Object.entries(backtest.evaluations)
    .map(([name, evaluation]) => ({ name, gains: servedGains(evaluation), isMarked: name === report?.defaultStrategy }))
    .sort((a, b) => b.gains[gain].value - a.gains[gain].value);
  return (
    <Panel
      title="How good it is"
      note={`${askedOn(backtest)} ${gain} is the ${GAIN_MEANINGS[gain]}. As served means that viewed products are left out; the catalogue's stock and variants play no part. Bars are 95 % intervals; the default strategy is marked.`}
      actions={
        <fieldset class="choices">
          <legend class="visually-hidden">Metric</legend>
          {GAINS.map((name) => (
            <label key={name}>
              <input type="radio" name="gain" checked={name === gain} onChange={() => setGain(name)} />
              <span>{name}</span>
            </label>
          ))}
        </fieldset>
      }
    >
      <IntervalChart
        title={`${gain} as served`}
        axis={`${gain} as served`}
        rows={rows.map(({ name, gains, isMarked }) => ({ name, ...gains[gain], isMarked }))}
      />
      <details>
        <summary>All metrics as a table</summary>
        <ScrollRegion label="All metrics">
          <table>
            <thead>
              <tr>
                <th scope="col">Strategy or baseline</th>
                {GAINS.map((name) => (
                  <th scope="col" class="number" key={name}>
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ name, gains, isMarked }) => (
                <tr key={name} class={isMarked ? 'marked' : ''}>
                  <th scope="row">{name}</th>
                  {GAINS.map((each) => (
                    <td class="number" key={each}>
                      {formatFigure(gains[each].value)}
                      <small>
                        {formatFigure(gains[each].low)}–{formatFigure(gains[each].high)}
                      </small>
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      </details>
    </Panel>
  );
}

function askedOn({ sessions: { heldOut, earlier }, folds }: Backtest): string {
  const asked = `Asked on ${formatAmount(heldOut, 'session')}`;
  return folds === undefined
    ? `${asked} held out, after learning from ${formatCount(earlier)} earlier ones.`
    : `${asked} in ${folds} parts; each was asked about after learning from the others.`;
}
