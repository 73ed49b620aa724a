import { liveApi, type Rules } from '../../api/client.ts';
import { useResource } from '../../api/resource.ts';
import { formatTime } from '../../format.ts';
import { Badge } from '../../parts/badge.tsx';
import { Panel } from '../../parts/page.tsx';
import { ScrollRegion } from '../../parts/scroll-region.tsx';
import { Await, Empty } from '../../parts/states.tsx';
import { EffectTable, type RulesEffect } from './effect-table.tsx';
import { asSentence, effectOf, placementsText, selectionText, validityText } from './rule-text.ts';

/** The published placements and rules, who wrote them, and what they were expected to change. */
export function RulesPanel() {
  const rules = useResource((signal) => liveApi.rules(signal), []);
  return (
    <Await resource={rules} minHeight={240}>
      {(live) =>
        live.rulesVersion === null ? (
          <Panel title="Rules">
            <Empty title="No rules are published.">
              <p>
                With rules, a merchandiser requires, excludes, boosts and pins products, for a time and with a reason.
              </p>
            </Empty>
          </Panel>
        ) : (
          <>
            <RuleList live={live} />
            <Placements live={live} />
          </>
        )
      }
    </Await>
  );
}

const TONES = { active: 'good', upcoming: 'accent', expired: 'plain' } as const;

function RuleList({ live: { rules, placements, publication, timeZone } }: { live: Rules }) {
  const published =
    publication !== null &&
    `Published by ${publication.author} on ${formatTime(publication.publishedAt)}: ${asSentence(publication.note)} `;
  return (
    <Panel title="Rules" note={`${published || ''}Times are in ${timeZone}.`}>
      {rules.length === 0 ? (
        <Empty title="The published file has no rules." />
      ) : (
        <ScrollRegion label="Rules">
          <table>
            <thead>
              <tr>
                <th scope="col">Rule</th>
                <th scope="col">State</th>
                <th scope="col">What it does</th>
                <th scope="col">Placements</th>
                <th scope="col">Valid</th>
                <th scope="col">Author and reason</th>
              </tr>
            </thead>
            <tbody>
              {rules.map((rule) => (
                <tr key={rule.id}>
                  <th scope="row">
                    {rule.type}
                    <small class="id">{rule.id}</small>
                  </th>
                  <td>
                    <Badge tone={rule.fault === null ? TONES[rule.state] : 'bad'}>
                      {rule.fault === null ? rule.state : 'not applied'}
                    </Badge>
                    {rule.fault !== null && <small>{rule.fault}</small>}
                  </td>
                  <td class="breaks">
                    {effectOf(rule)}
                    {rule.when !== undefined && <small>while one of these is viewed: {selectionText(rule.when)}</small>}
                  </td>
                  <td class="id">{placementsText(rule, placements)}</td>
                  <td>{validityText(rule, timeZone)}</td>
                  <td>
                    {rule.author}
                    <small>{rule.note}</small>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
      {publication?.effect && <EffectTable effect={publication.effect as RulesEffect} />}
      {publication?.notMeasured !== undefined && <p class="note">No effect was measured: {publication.notMeasured}</p>}
    </Panel>
  );
}

function Placements({ live: { placements } }: { live: Rules }) {
  if (placements.length === 0) return null;
  return (
    <Panel
      title="Placements"
      note="Uses of recommendations by name: a page asks for placement=NAME and gets all that is set here."
    >
      <ScrollRegion label="Placements">
        <table>
          <thead>
            <tr>
              <th scope="col">Placement</th>
              <th scope="col">Strategy</th>
              <th scope="col" class="number">
                Items
              </th>
              <th scope="col">Filter</th>
              <th scope="col">Rules</th>
            </tr>
          </thead>
          <tbody>
            {placements.map(({ name, strategy, count, filter, relax = [], fault, rules }) => (
              <tr key={name}>
                <th scope="row" class="id">
                  {name}
                </th>
                <td>{strategy ?? 'the default'}</td>
                <td class="number">{count ?? '–'}</td>
                <td class="id breaks">
                  {filter ?? '–'}
                  {relax.length > 0 && <small>given up if too few pass, in this order: {relax.join(', ')}</small>}
                  {fault !== null && (
                    <small>
                      <Badge tone="bad">not applied</Badge> {fault}
                    </small>
                  )}
                </td>
                <td class="id">{rules === undefined ? 'all that are not for others' : rules.join(', ') || 'none'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </Panel>
  );
}
