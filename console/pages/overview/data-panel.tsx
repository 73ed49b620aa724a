import type { Manifest } from '../../../engine/artifacts/manifest.ts';
import type { RunReport } from '../../../engine/evaluation/run-report.ts';
import { formatBytes, formatCount, formatDay } from '../../format.ts';
import { Panel } from '../../parts/page.tsx';
import { Empty } from '../../parts/states.tsx';

/** Counts that a person asks for first, in this order; a release that lacks one leaves its line out. */
const COUNTS: readonly [name: string, label: string][] = [
  ['rows', 'rows read'],
  ['skippedRows', 'rows of other events, skipped'],
  ['rejectedRows', 'rows rejected'],
  ['carts', 'products put into carts'],
  ['purchases', 'products bought'],
  ['sessions', 'sessions'],
  ['implausibleSessions', 'sessions left out as implausible'],
  ['products', 'products'],
  ['sequences', 'sequences learned from'],
  ['sequencesOfOneProduct', 'of these, with one product only'],
  ['sequenceViews', 'views in them'],
];

export function DataPanel({ manifest, report }: { manifest: Manifest | undefined; report: RunReport | undefined }) {
  if (manifest === undefined) {
    return (
      <Panel title="What it learned from">
        <Empty title="The run has no manifest that can be read." />
      </Panel>
    );
  }
  const { counts, inputs, lineage } = manifest;
  return (
    <Panel
      title="What it learned from"
      note={
        lineage.period === null
          ? 'The clickstream has no times.'
          : `Sessions from ${formatDay(lineage.period.from)} to ${formatDay(lineage.period.to)}.`
      }
    >
      <table class="facts">
        <tbody>
          {inputs.map(({ name, sizeBytes }) => (
            <tr key={name}>
              <th scope="row" class="id">
                {name}
              </th>
              <td class="number">{formatBytes(sizeBytes)}</td>
            </tr>
          ))}
          {COUNTS.filter(([name]) => counts[name] !== undefined).map(([name, label]) => (
            <tr key={name}>
              <th scope="row">{label}</th>
              <td class="number">{formatCount(counts[name])}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {(report?.notes ?? []).map((note) => (
        <p class="callout warn" key={note}>
          {note}
        </p>
      ))}
    </Panel>
  );
}
