import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { artifactKey, stageRecordKey } from '../../../engine/artifacts/artifact-keys.ts';
import { FORMATS } from '../../../engine/artifacts/click-formats.ts';
import { decodeCorpus } from '../../../engine/clicks/corpus.ts';
import { runIdOf } from '../../../lambdas/shared/runs/run-id.ts';
import { needsEshopFile, parseEshop, readEshopFile } from '../../support/eshop.ts';
import { type Execution, newExecution, openStages, type Stages } from '../../support/stages.ts';

let stages: Stages;
beforeAll(async () => {
  stages = await openStages();
});
afterAll(() => stages.close());

const corpusOf = async (execution: Execution) =>
  decodeCorpus((await stages.store.get(artifactKey(runIdOf(execution), 'corpus')))!.bytes);

/** Ingests and sequences a small CSV file. */
async function sequence(csv: string, columns: Record<string, unknown>) {
  const execution = newExecution();
  const source = `raw/${execution.id}.csv`;
  await stages.upload(source, csv);
  const request = { source, columns };
  await stages.runStage('ingest', execution, request);
  const { counts } = await stages.runStage('sequence', execution, request);
  const corpus = await corpusOf(execution);
  const rows = await stages.rowsOf(execution, 'sequential_products');
  const record = await stages.store.get(stageRecordKey(runIdOf(execution), 'sequence'));
  return {
    counts,
    notes: JSON.parse(Buffer.from(record!.bytes).toString()).details.notes,
    corpus,
    sequences: rows.map(({ session_id: id, chronological_product_sequence: products }) => [id, products]),
    /** Immediate repeats included. */
    sessions: corpus.sessionIds.map((id, s) => [
      id,
      Array.from(corpus.views.subarray(corpus.offsets[s], corpus.offsets[s + 1]), (p) => corpus.productIds[p]).join(''),
    ]),
  };
}
const BY_ORDER = { session: 's', product: 'p', order: 'o' };

it('an id loses the spaces and byte order marks around it, and keeps those inside', async () => {
  const csv = 's;p;o\nx;A;1\nx;\ufeffA;2\nx;\ufeff B\u00a0;3\nx;B;4\n\ufeffx;A\ufeffB;5\n';
  const { corpus } = await sequence(csv, BY_ORDER);
  expect(corpus.sessionIds).toEqual(['x']);
  expect([...corpus.productIds].sort()).toEqual(['A', 'A\ufeffB', 'B']);
});

describe('the views of a session', () => {
  it('follow the order column, though the sessions lie interleaved and backwards in the file', async () => {
    const { sequences } = await sequence('s;p;o\ny;C;3\nx;B;10\ny;A;1\nx;A;9\ny;B;2\n', BY_ORDER);
    expect(sequences).toEqual([
      ['y', ['A', 'B', 'C']],
      ['x', ['A', 'B']],
    ]);
  });

  it('keep the order of the file where their order is equal', async () => {
    const { sequences } = await sequence('s;p;o\nx;C;1\nx;A;1\nx;D;0\nx;B;1\n', BY_ORDER);
    expect(sequences).toEqual([['x', ['D', 'C', 'A', 'B']]]);
  });

  it('follow the order column rather than the time, and the time where there is no order', async () => {
    const csv = 's;p;o;t\nx;A;2;2026-01-01\nx;B;1;2026-01-02\n';
    const columns = { session: 's', product: 'p', time: ['t'] };
    expect((await sequence(csv, { ...columns, order: 'o' })).sequences).toEqual([['x', ['B', 'A']]]);
    expect((await sequence(csv, columns)).sequences).toEqual([['x', ['A', 'B']]]);
  });

  it('compare times across zones, and fractions of an order', async () => {
    const times = 's;p;t\nx;B;2026-01-01T01:00:00+02:00\nx;A;2025-12-31T22:00:00Z\nx;C;2025-12-31T23:00:00.5Z\n';
    expect((await sequence(times, { session: 's', product: 'p', time: ['t'] })).sequences).toEqual([
      ['x', ['A', 'B', 'C']],
    ]);
    expect((await sequence('s;p;o\nx;B;1.5\nx;C;10\nx;A;-1\n', BY_ORDER)).sequences).toEqual([['x', ['A', 'B', 'C']]]);
  });

  it('collapse immediate repeats in the sequences and keep them in the corpus', async () => {
    const { sequences, sessions, counts } = await sequence(
      's;p;o\nx;A;1\nx;A;2\nx;B;3\nx;A;4\ny;A;1\ny;A;2\nz;A;1\n',
      BY_ORDER,
    );
    expect(sequences).toEqual([
      ['x', ['A', 'B', 'A']],
      ['y', ['A']],
    ]);
    expect(sessions).toEqual([
      ['x', 'AABA'],
      ['y', 'AA'],
    ]);
    // z has one view: dropped before repeats collapse, y stays with one product.
    expect(counts).toEqual({ sessions: 3, products: 2, sequences: 2, sequencesOfOneProduct: 1, sequenceViews: 4 });
  });
});

describe('what the shop should know', () => {
  const visits = Array.from({ length: 40 }, (_, s) => `s${s};A;1\ns${s};B;2\ns${s};C;3\n`).join('');
  const crawl = Array.from({ length: 400 }, (_, i) => `crawler;${'BCD'[i % 3]};${i}\n`).join('');
  const noTime = 'There is no time: the sessions that begin last in the file are taken for the newest.';

  it('a crawler is left out, counted and named with the limit, and takes the products along that only it saw', async () => {
    const { corpus, counts, notes } = await sequence(`s;p;o\n${visits}${crawl}`, BY_ORDER);
    expect(corpus.sessionIds).toHaveLength(40);
    expect(corpus.productIds).toEqual(['A', 'B', 'C']);
    expect([...corpus.viewCounts]).toEqual([40, 40, 40]);
    expect(counts).toMatchObject({ sessions: 41, sequences: 40, implausibleSessions: 1, implausibleViews: 400 });
    expect(notes).toEqual([
      "1 of the sessions, with 76.9 % of the views, left out as no shopper's: 1 with more than 50 views, where three quarters " +
        'of the sessions have 3 or fewer.',
      noTime,
    ]);
  });

  it('how many views tie, and that the order of the rows decides then', async () => {
    const days = 's;p;t\nx;A;2026-01-01\nx;B;2026-01-01\ny;B;2026-01-02\ny;A;2026-01-03\n';
    const { counts, notes } = await sequence(days, { session: 's', product: 'p', time: ['t'] });
    expect(counts).toMatchObject({ tiedViews: 1 });
    expect(notes).toEqual([
      '25.0 % of the views have the same "t" as the view before them in their session: what came first among them is ' +
        'taken from the order of the rows.',
    ]);
  });

  it('nothing, where times tell all views apart', async () => {
    const { notes } = await sequence('s;p;t\nx;A;1\nx;B;2\n', { session: 's', product: 'p', time: ['t'] });
    expect(notes).toEqual([]);
  });
});

describe('the sessions', () => {
  it('stand in the order of their start, equal starts by first appearance', async () => {
    const csv = 's;p;t\nlate;A;300\nlate;B;400\nearly;B;200\nearly;A;100\nalso;A;300\nalso;B;301\n';
    const { corpus } = await sequence(csv, { session: 's', product: 'p', time: ['t'] });
    expect(corpus.sessionIds).toEqual(['early', 'late', 'also']);
    expect(Array.from(corpus.startTimesMs!)).toEqual([100_000, 300_000, 300_000]);
  });

  it('stand in the order of first appearance where there is no time', async () => {
    const { corpus } = await sequence('s;p;o\nb;A;9\na;A;1\nb;B;8\na;B;2\n', BY_ORDER);
    expect(corpus.sessionIds).toEqual(['b', 'a']);
    expect(corpus.startTimesMs).toBeUndefined();
  });

  it('of one view each leave nothing to learn from: the message says so', async () => {
    await expect(sequence('s;p;o\na;A;1\nb;B;1\n', BY_ORDER)).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringContaining('None of the 2 sessions has two or more views'),
    });
  });

  it('are told apart as text: "007" is not "7"', async () => {
    const { sequences } = await sequence('s;p;o\n007;01;1\n7;1;1\n007;1;2\n7;01;2\n', BY_ORDER);
    expect(sequences).toEqual([
      ['007', ['01', '1']],
      ['7', ['1', '01']],
    ]);
  });
});

it('numbers the products by falling views, equal ones by first appearance, without those of single-view sessions', async () => {
  // Views without immediate repeats: B 3, C 3, A 2. C appears before B; D is in a session of one view only.
  const csv = 's;p;o\nz;D;1\nw;C;1\nw;B;2\nx;A;1\nx;A;2\nx;B;3\nx;C;4\ny;B;1\ny;A;2\ny;C;3\n';
  const { corpus, counts } = await sequence(csv, BY_ORDER);
  expect(corpus.productIds).toEqual(['C', 'B', 'A']);
  expect(Array.from(corpus.viewCounts)).toEqual([3, 3, 2]);
  expect(counts['products']).toBe(4);
});

describe('events', () => {
  const BY_EVENT = { session: 's', product: 'p', time: ['t'], event: 'e' };
  const csv = [
    's;p;t;e',
    'x;A;2026-01-01T00:00:00Z;view_item',
    'x;B;2026-01-01T00:01:00Z;view_item',
    'x;B;2026-01-01T00:02:00Z;add_to_cart',
    'x;A;2026-01-01T00:03:00Z;scroll',
    'x;B;2026-01-01T00:04:00Z;purchase',
    'y;A;2026-01-02T00:00:00Z;view_item',
    'y;C;2026-01-02T00:01:00Z;view_item',
  ].join('\n');

  it('count by their weights, and carts and purchases are known by their names', async () => {
    const events = { view_item: 1, add_to_cart: 3, purchase: 5 };
    const { corpus, counts, notes, sequences } = await sequence(csv, { ...BY_EVENT, events });
    expect(counts).toMatchObject({ carts: 1, purchases: 1 });
    expect(corpus.productIds).toEqual(['B', 'A', 'C']);
    // B was viewed, added and bought in one visit.
    expect([...corpus.viewCounts]).toEqual([5, 2, 1]);
    expect([...corpus.weights!]).toEqual([1, 1, 3, 5, 1, 1]);
    expect([...corpus.kinds!]).toEqual([0, 0, 1, 2, 0, 0]);
    expect(sequences).toEqual([
      ['x', ['A', 'B']],
      ['y', ['A', 'C']],
    ]);
    expect(notes).toEqual([expect.stringContaining('Events count by their weights')]);
  });

  it('that weigh the same cannot be told apart, which is said', async () => {
    const { corpus, counts, notes } = await sequence(csv, { ...BY_EVENT, events: { view_item: 1, purchase: 1 } });
    expect([corpus.weights, corpus.kinds]).toEqual([undefined, undefined]);
    expect(counts).not.toHaveProperty('purchases');
    expect(notes).toEqual([expect.stringContaining('"view_item" and "purchase" have the same weight')]);
  });

  it('of a format that ingest recognises are known, too', async () => {
    const execution = newExecution();
    const source = `raw/${execution.id}.csv`;
    await stages.upload(source, 'order_id,product_id,add_to_cart_order,reordered\n1,A,1,0\n1,B,2,0\n');
    await stages.runStage('ingest', execution, { source });
    const { counts } = await stages.runStage('sequence', execution, { source });
    expect(counts).toMatchObject({ purchases: 2 });
    expect([...(await corpusOf(execution)).kinds!]).toEqual([2, 2]);
  });
});

describe('the real clickstream', () => {
  needsEshopFile();

  it("gives the seed's counts and sequences, computed here apart from the product", async () => {
    const eshop = readEshopFile();
    const execution = newExecution();
    await stages.upload('raw/eshop.csv.gz', eshop);
    const request = { source: 'raw/eshop.csv.gz', columns: FORMATS.eshop, preset: 'layer' };
    await stages.runStage('ingest', execution, request);
    const { counts } = await stages.runStage('sequence', execution, request);

    const [header, ...rows] = parseEshop(eshop);
    const cell = Object.fromEntries(header.map((name, i) => [name, i]));
    const bySession = new Map<string, { order: number; product: string }[]>();
    for (const row of rows) {
      const session = row[cell['session ID']];
      if (!bySession.has(session)) bySession.set(session, []);
      bySession
        .get(session)!
        .push({ order: Number(row[cell['order']]), product: row[cell['page 2 (clothing model)']] });
    }
    const expected = new Map<string, string[]>();
    for (const [session, views] of bySession) {
      if (views.length < 2) continue;
      const products = views.sort((a, b) => a.order - b.order).map(({ product }) => product);
      expected.set(
        session,
        products.filter((product, i) => product !== products[i - 1]),
      );
    }
    const lengths = [...expected.values()].map((products) => products.length);
    expect(counts).toEqual({
      sessions: bySession.size,
      products: new Set(rows.map((row) => row[cell['page 2 (clothing model)']])).size,
      sequences: expected.size,
      sequencesOfOneProduct: lengths.filter((length) => length === 1).length,
      sequenceViews: lengths.reduce((sum, length) => sum + length, 0),
    });
    // What the seed prints.
    expect(counts).toEqual({
      sessions: 24_026,
      products: 217,
      sequences: 18_984,
      sequencesOfOneProduct: 414,
      sequenceViews: 152_847,
    });
    const found = await stages.rowsOf(execution, 'sequential_products');
    expect(new Map(found.map((row) => [row['session_id'], row['chronological_product_sequence']]))).toEqual(expected);

    const { startTimesMs } = await corpusOf(execution);
    expect(startTimesMs!.every((time, i) => i === 0 || startTimesMs![i - 1] <= time)).toBe(true);
    expect([startTimesMs![0], startTimesMs!.at(-1)]).toEqual([Date.UTC(2008, 3, 1), Date.UTC(2008, 7, 13)]);
  });
});
