import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { COLUMNS, ingestInFolder } from '../../support/ingest.ts';

const { ingest } = ingestInFolder();

const NAMES = ['view', 'view', 'add_to_cart', 'view', 'add_to_cart', 'purchase'];
const tableOf = (column: string, names: readonly string[]) =>
  `s,p,o,${column}\n${names.map((name, i) => `1,A${i},${i},${name}\n`).join('')}`;
const counting = (...events: string[]) => ({
  columns: { ...COLUMNS, event: 'event', events: Object.fromEntries(events.map((name, i) => [name, i + 1])) },
});

describe('an event that is to count and has no row', () => {
  it('is named with the skipped one that it may have meant', async () => {
    const { notes, counts } = await ingest(tableOf('event', NAMES), counting('view', 'add_to_kart', 'purchase'));
    expect(counts).toMatchObject({ skippedByEvent: 2 });
    expect(notes).toEqual([
      'No row is the event "add_to_kart", which is to count (--events). Did you mean "add_to_cart"? Its 2 rows do not count.',
    ]);
  });

  it('is named with all that are skipped where none is near, and with none where none is skipped', async () => {
    const far = await ingest(tableOf('event', NAMES), counting('view', 'wishlist'));
    expect(far.notes).toEqual([
      'No row is the event "wishlist", which is to count (--events). Events that do not count: "add_to_cart", "purchase".',
    ]);
    const none = await ingest(tableOf('event', NAMES), counting('view', 'add_to_cart', 'purchase', 'refund'));
    expect(none.notes).toEqual(['No row is the event "refund", which is to count (--events).']);
  });

  it('is looked for in all files, and inside of values', async () => {
    const line = (name: string, i: number) => `${JSON.stringify({ s: '1', p: `A${i}`, o: i, e: { name } })}\n`;
    const files = { 'a.jsonl': NAMES.slice(0, 3).map(line).join(''), 'b.jsonl': NAMES.slice(3).map(line).join('') };
    const request = { columns: { ...COLUMNS, event: 'e.name', events: { view: 1, purchase: 5, purchse: 5.5 } } };
    expect((await ingest(files, request)).notes).toEqual([
      'No row is the event "purchse", which is to count (--events). Events that do not count: "add_to_cart".',
    ]);
  });

  it('is no matter where all of them have rows', async () => {
    const { notes } = await ingest(tableOf('event', NAMES), counting('view', 'purchase'));
    expect(notes).toEqual([]);
  });
});

describe('a column of events that nobody named', () => {
  it('is named with what it has, and with the options that count it', async () => {
    const { notes } = await ingest(tableOf('event', NAMES));
    expect(notes).toEqual([
      'The column "event" has "view", "add_to_cart", "purchase", and all of these rows count as views. Say which count, and for how much: --event event --events view=1,add_to_cart=3,purchase=5.',
    ]);
  });

  it('is found in Parquet as well, and a name is quoted as a shell takes it', async () => {
    const column = (name: string, data: string[]) => ({ name, type: 'STRING' as const, data });
    const columnData = [
      column('s', ['1', '1', '1']),
      column('p', ['A', 'B', 'C']),
      column('o', ['1', '2', '3']),
      column('Event Name', ['Product Viewed', 'Order Completed', 'Order Completed']),
    ];
    const { notes } = await ingest({ 'clicks.parquet': new Uint8Array(parquetWriteBuffer({ columnData })) });
    expect(notes).toEqual([
      expect.stringContaining("--event 'Event Name' --events 'Order Completed=5,Product Viewed=1'."),
    ]);
  });

  it.each([
    ['has one kind of event', tableOf('event', ['view', 'view'])],
    ['has other names', tableOf('type', ['shirt', 'trousers'])],
    [
      'has too many',
      tableOf(
        'event',
        Array.from({ length: 30 }, (_, i) => `view_${i}`),
      ),
    ],
    ['is called like none', tableOf('colour', NAMES)],
  ])('is none when it %s', async (_, content) => {
    expect((await ingest(content)).notes).toEqual([]);
  });

  it('is known where rows are chosen by it', async () => {
    expect((await ingest(tableOf('event', NAMES), { where: ['event=view'] })).notes).toEqual([]);
  });
});
