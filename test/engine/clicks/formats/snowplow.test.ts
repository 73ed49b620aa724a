import { expect, it } from 'vitest';
import { sequencesInFolder } from '../../../support/sequences.ts';

const sequencesOf = sequencesInFolder();

it('takes product_view actions, and the products of the e-commerce context', async () => {
  const row = (session: string, at: string, type: string, ids: string[]) =>
    JSON.stringify({
      domain_sessionid: session,
      derived_tstamp: at,
      unstruct_event_com_snowplowanalytics_snowplow_ecommerce_snowplow_ecommerce_action_1: { type },
      contexts_com_snowplowanalytics_snowplow_ecommerce_product_1: ids.map((id) => ({ id, price: 5 })),
    });
  const lines = [
    row('s1', '2026-11-01 10:01:00.000', 'product_view', ['B']),
    row('s1', '2026-11-01 10:00:00.000', 'product_view', ['A']),
    row('s1', '2026-11-01 10:02:00.000', 'transaction', ['A', 'B']),
    row('s2', '2026-11-01 10:00:00.000', 'product_view', ['A']),
    row('s2', '2026-11-01 10:00:01.000', 'product_view', ['C']),
  ];
  const { sequences, counts } = await sequencesOf({ 'events.jsonl': lines.join('\n') });
  expect(sequences).toEqual({ s1: ['A', 'B'], s2: ['A', 'C'] });
  expect(counts['skippedByEvent']).toBe(2);
});
