import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { literal } from '../../../../engine/clicks/sql.ts';
import { withDatabase } from '../../../../lambdas/shared/duckdb/duckdb.ts';
import { readCase, sequencesInFolder } from '../../../support/sequences.ts';

const sequencesOf = sequencesInFolder();

/** One row of the BigQuery export, as JSON. */
const event = (user: string, session: number, second: number, name: string, items: string[]) =>
  JSON.stringify({
    event_date: '20261101',
    event_timestamp: String((1_793_500_000 + second) * 1e6),
    event_name: name,
    event_params: [
      { key: 'page_location', value: { string_value: 'https://shop.example/' } },
      { key: 'ga_session_id', value: { int_value: String(session) } },
    ],
    user_pseudo_id: user,
    items: items.map((id) => ({ item_id: id, price: 9.5 })),
  });

const EVENTS = [
  event('u1', 5, 30, 'view_item', ['B']),
  event('u1', 5, 10, 'view_item', ['A']),
  event('u1', 5, 20, 'page_view', []),
  event('u2', 5, 15, 'view_item', ['C']),
  event('u2', 5, 25, 'view_item', ['(not set)']),
  event('u2', 5, 35, 'view_item', ['A', 'B']),
  event('u1', 5, 40, 'purchase', ['B']),
];

it('takes view_item events; a session is a user and its ga_session_id; items explode', async () => {
  const { sequences, counts, rejected } = await sequencesOf({ 'events_20261101.jsonl': EVENTS.join('\n') });
  expect(sequences).toEqual({ 'u1|5': ['A', 'B'], 'u2|5': ['C', 'A', 'B'] });
  expect(counts).toMatchObject({ rows: 6, rejectedRows: 1, placeholderRows: 1, skippedByEvent: 2 });
  expect(rejected).toEqual([[5, 'items[].item_id', 'is a placeholder and no id: found "(not set)"']]);
});

it('reads the same from Parquet, where items are lists of structs', async () => {
  const parquet = await withDatabase(async (database, folder) => {
    const lines = EVENTS.map((text) => `(${literal(text)})`).join(', ');
    const structure = literal(
      '{"event_timestamp":"BIGINT","event_name":"VARCHAR","event_params":[{"key":"VARCHAR","value":{"string_value":"VARCHAR","int_value":"BIGINT"}}],"user_pseudo_id":"VARCHAR","items":[{"item_id":"VARCHAR","price":"DOUBLE"}]}',
    );
    await database.run(
      `COPY (SELECT unnest(from_json(line, ${structure})) FROM (VALUES ${lines}) v(line)) TO '${folder}/ga4.parquet'`,
    );
    return readFile(`${folder}/ga4.parquet`);
  });
  const { sequences, counts } = await sequencesOf({ 'ga4.parquet': parquet });
  expect(sequences).toEqual({ 'u1|5': ['A', 'B'], 'u2|5': ['C', 'A', 'B'] });
  expect(counts).toMatchObject({ rejectedRows: 1, skippedByEvent: 2 });
});

it('sees 39 sessions in an export of 170 events', async () => {
  const { counts } = await sequencesOf({ 'a.jsonl': readCase('ga4-nested/events_20191001.jsonl') });
  const lines = readCase('ga4-nested/events_20191001.jsonl').toString().trim().split('\n');
  const sessions = new Set(
    lines.map((line) => {
      const row = JSON.parse(line);
      return `${row.user_pseudo_id} ${row.event_params[0].value.int_value}`;
    }),
  );
  expect(counts['sessions']).toBe(sessions.size);
});
