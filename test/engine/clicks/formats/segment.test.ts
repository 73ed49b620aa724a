import { expect, it } from 'vitest';
import { readCase, sequencesInFolder, sequencesOfViews } from '../../../support/sequences.ts';

const sequencesOf = sequencesInFolder();

const track = (anonymousId: string, event: string, timestamp: string, product: string) =>
  JSON.stringify({ anonymousId, event, timestamp, properties: { product_id: product, price: 9 }, context: {} });

it('takes Product Viewed; half an hour without one ends a session', async () => {
  const lines = [
    track('a', 'Product Viewed', '2026-11-01T10:00:00.000Z', 'p1'),
    track('a', 'Product Viewed', '2026-11-01T10:30:00.000Z', 'p2'),
    track('a', 'Product Added', '2026-11-01T10:31:00.000Z', 'p2'),
    track('a', 'Product Viewed', '2026-11-01T11:00:00.001Z', 'p3'),
    track('a', 'Product Viewed', '2026-11-01T11:01:00.000Z', 'p1'),
  ];
  const { sequences, counts } = await sequencesOf({ 'events.jsonl': lines.join('\n') });
  expect(sequences).toEqual({ a: ['p1', 'p2'], 'a#2': ['p3', 'p1'] });
  expect(counts).toMatchObject({ skippedByEvent: 1, cutSessions: 1 });
});

it("finds the sessions that the source's own ids tell", async () => {
  const text = readCase('segment/events.jsonl').toString();
  const views = text
    .trim()
    .split('\n')
    .map((line) => {
      const { context, properties, timestamp } = JSON.parse(line);
      return { session: String(context.sessionId), product: properties.product_id, at: Date.parse(timestamp) };
    });
  const expected = Object.values(sequencesOfViews(views)).sort();
  const { sequences } = await sequencesOf({ 'events.jsonl': text });
  expect(Object.values(sequences).sort()).toEqual(expected);
});
