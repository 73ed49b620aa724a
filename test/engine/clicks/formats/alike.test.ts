import { expect, it } from 'vitest';
import { sequencesInFolder } from '../../../support/sequences.ts';

const sequencesOf = sequencesInFolder();

it('takes view_item events of the tracker', async () => {
  const event = (eventId: string, name: string, session: string, items: string[], time: string) =>
    JSON.stringify({ eventId, name, session, items: items.map((id) => ({ item_id: id })), time });
  const lines = [
    event('1', 'view_item', 's1', ['B'], '2026-11-01T10:00:05Z'),
    event('2', 'view_item', 's1', ['A'], '2026-11-01T10:00:00Z'),
    event('3', 'add_to_cart', 's1', ['A'], '2026-11-01T10:00:09Z'),
  ];
  const { sequences, counts } = await sequencesOf({ 'events.jsonl': lines.join('\n') });
  expect(sequences).toEqual({ s1: ['A', 'B'] });
  expect(counts['skippedByEvent']).toBe(1);
});
