import { expect, it } from 'vitest';
import { sequencesInFolder } from '../../../support/sequences.ts';

const sequencesOf = sequencesInFolder();

it('takes a line for a session, and its clicks for views', async () => {
  const line = (session: number, events: [number, number, string][]) =>
    JSON.stringify({ session, events: events.map(([aid, ts, type]) => ({ aid, ts, type })) });
  const lines = [
    line(0, [
      [1517085, 1659304800025, 'clicks'],
      [1563459, 1659304904511, 'carts'],
      [1309446, 1659367439426, 'clicks'],
    ]),
    line(1, [
      [2, 1659304900300, 'clicks'],
      [1, 1659304900200, 'clicks'],
    ]),
  ];
  const { sequences, counts } = await sequencesOf({ 'train.jsonl': lines.join('\n') });
  expect(sequences).toEqual({ 0: ['1517085', '1309446'], 1: ['1', '2'] });
  expect(counts).toMatchObject({ rows: 2, skippedByEvent: 1 });
});
