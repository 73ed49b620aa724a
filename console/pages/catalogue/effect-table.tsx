import type * as z from 'zod';
import type { rulesEffectSchema } from '../../../engine/evaluation/rules-effect.ts';
import { formatFigure, formatShare, formatSigned, runTime } from '../../format.ts';
import { ScrollRegion } from '../../parts/scroll-region.tsx';

export type RulesEffect = z.infer<typeof rulesEffectSchema>;

const MEASURES = ['HR', 'MRR', 'coverage'] as const;

/** What the rules were expected to change, measured on sessions of the past before they were published. */
export function EffectTable({ effect: { runId, placements } }: { effect: RulesEffect }) {
  return (
    <>
      <h3>Measured effect</h3>
      <p class="note">
        On held-out sessions of the run of {runTime(runId)}, of lists as they are shown; 95 % intervals.
      </p>
      <ScrollRegion label="Measured effect of the rules">
        <table>
          <thead>
            <tr>
              <th scope="col">Placement</th>
              <th scope="col" class="number">
                Products shown
              </th>
              {MEASURES.map((name) => (
                <th scope="col" class="number" key={name}>
                  {name}
                </th>
              ))}
              <th scope="col" class="number">
                Lists that change
              </th>
            </tr>
          </thead>
          <tbody>
            {placements.map((placement) => (
              <tr key={placement.placement ?? ''}>
                <th scope="row">{placement.placement ?? 'answers that name none'}</th>
                <td class="number">
                  {placement.count.draft}
                  {placement.count.live !== placement.count.draft && <small>live {placement.count.live}</small>}
                </td>
                {MEASURES.map((name) => {
                  const { draft, difference } = placement[name];
                  return (
                    <td class="number" key={name}>
                      {formatFigure(draft.value)} ({formatSigned(difference.value)})
                      <small>
                        {formatSigned(difference.low)} to {formatSigned(difference.high)}
                      </small>
                    </td>
                  );
                })}
                <td class="number">{formatShare(placement.changedShare)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </>
  );
}
