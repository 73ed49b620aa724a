import { beforeEach, describe, expect, test } from 'vitest';
import type { NumberField } from '../../../engine/catalogue/catalogue.ts';
import type { FeedRecord } from '../../../engine/catalogue/feed-record.ts';
import type { LoadOptions } from '../../../lambdas/catalogue/load-feed.ts';
import { FeedLoader } from '../../support/feed-loader.ts';

let load: FeedLoader['load'];
let live: FeedLoader['live'];

beforeEach(() => {
  ({ load, live } = new FeedLoader());
});

test('what a person should know stands in the notes', async () => {
  const body = 'id,title,price,description\na,A,1 EUR,x\nb,B,2 USD,x\nb,B,3 USD,x\n';
  const { notes, counts } = (await load({ name: 'f', body })) as FeedRecord;
  expect(counts).toEqual({ rows: 3, rejectedRows: 0, repeatedIds: 1 });
  expect(notes).toEqual([
    expect.stringMatching(/^Prices are in several currencies, EUR \(1\), USD \(1\)/),
    expect.stringMatching(/^Rows whose id comes again further down: 1/),
    expect.stringMatching(/^description is not kept: .*, and no filter or list needs it\.$/),
    expect.stringMatching(/^No product has an availability/),
  ]);
});

describe('GIVEN rows of one id', () => {
  const repeats = async (body: string, options?: Partial<LoadOptions>) => {
    const { notes } = (await load({ name: 'f', body }, options)) as FeedRecord;
    return notes.filter((note) => note.startsWith('Rows whose id comes again'));
  };

  test('WHEN the last lacks what others have, as a row for each picture THEN the note counts it by field', async () => {
    const body =
      'handle,title,price,tags,image_link\na,A,1,x,/a.jpg\na,,,,/a2.jpg\na,,,,/a3.jpg\nb,B,2,,/b.jpg\nb,,,,/b2.jpg\nc,C,3,,\n';
    expect(await repeats(body, { columns: { id: 'handle' } })).toEqual([
      'Rows whose id comes again further down: 3. The last one counts. It lacks what an earlier one has, by products: title (2), price (2), tags (1). Give each product one row with all of it; if the rows are variants, name the column of their own ids with --id, and this one with --item-group-id.',
    ]);
  });

  test('WHEN the last has all of it THEN the note has no more to say', async () => {
    expect(await repeats('id,title,price\na,A,\na,A2,1\nb,B,2\n')).toEqual([
      'Rows whose id comes again further down: 1. The last one counts.',
    ]);
  });
});

describe('GIVEN a feed after another', () => {
  const FIRST = 'id,title,price,brand,weight,size\na,A,1 EUR,x,1,S\nb,B,2 EUR,y,2,M\n';
  const second = async (body: string) => {
    await load({ name: 'first', body: FIRST });
    const { notes } = (await load({ name: 'second', body })) as FeedRecord;
    return notes.filter((note) => !note.startsWith('No product has'));
  };

  test('WHEN it lacks a column, or a column is empty THEN the fields that went are named', async () => {
    expect(await second('id,title,price,weight,size\na,A,1 EUR,,S\nb,B,2 EUR,,M\n')).toEqual([
      'Fields of the live catalogue that no product has any more: brand, weight. Filters and rules that name them find nothing or are not applied, and requests that name them may be refused.',
    ]);
    const { notes } = (await load({ name: 'third', body: 'id,title,price,weight,size\na,A,1 EUR,,S\n' })) as FeedRecord;
    expect(notes.join()).not.toContain('weight');
  });

  test('WHEN a column that went is called as every object has one THEN it is named as any other', async () => {
    await load({ name: 'odd', body: 'id,title,constructor,valueOf\na,A,x,y\n' });
    const { notes } = (await load({ name: 'plain', body: 'id,title\na,A\n' })) as FeedRecord;
    expect(notes.join()).toContain('no product has any more: constructor, valueof.');
  });

  test('WHEN prices are in another currency THEN it is noted', async () => {
    expect(await second(FIRST.replaceAll('EUR', 'USD'))).toEqual([
      'Prices are in USD, where those of the live catalogue are in EUR: look at the filters and rules that compare them with a number.',
    ]);
    expect(await second(FIRST.replace('1 EUR', '1 USD'))).toEqual([expect.stringMatching(/^Prices are in several/)]);
  });
});

test.each([
  ['other ids, so products that have nothing else', 'id,price\nA,2\nB,3\na,4\n', ['2']],
  ['new products with all that they need', 'id,title,price\nc,C,2\n', []],
  ['fewer titles of known products', 'id,title\na,\n', []],
])('GIVEN a delta with %s THEN those without a title are counted', async (_what, body, counts) => {
  await load({ name: 'full', body: 'id,title,price\na,A,1\nb,B,2\n' });
  const { notes } = (await load({ name: 'delta', kind: 'delta', body })) as FeedRecord;
  const found = notes.flatMap((note) => /^Products that were added without a title: (\d+)\./.exec(note)?.[1] ?? []);
  expect(found).toEqual(counts);
});

test('a stray value among numbers is no value where it says so, else it is noted, and a corrected one, too', async () => {
  const typeOf = async () => (await live()).fields.get('weight')?.type;
  const rows = Array.from({ length: 2_000 }, (_, i) => `p${i},${i === 3 ? 'n/a' : i}\n`).join('');
  await load({ name: 'full', body: `id,weight\n${rows}` });
  expect(await typeOf()).toBe('number');
  const delta = (name: string, value: string) => load({ name, kind: 'delta', body: `id,weight\np5,${value}\n` });
  const cleared = await delta('d1', 'N/A');
  expect([await typeOf(), cleared?.changes?.cleared]).toEqual(['number', { weight: 1 }]);
  const strayed = await delta('d2', 'heavy');
  expect(await typeOf()).toBe('text');
  expect(strayed?.notes).toContain(
    'weight holds text that is only shown, where the live catalogue has numbers, since "heavy" is no number: filters and rules that compare it with a number fail until the feed is corrected.',
  );
  const corrected = await delta('d3', '5');
  expect(await typeOf()).toBe('number');
  expect(corrected?.notes).toContain(
    'weight holds numbers, where the live catalogue has text that is only shown: look at the filters and rules that name it.',
  );
  expect((await delta('d4', '6'))?.notes.join()).not.toContain('weight');
});

test('a price that may be read in two ways is read as the others show, or noted', async () => {
  const pricesOf = async () => Array.from(((await live()).fields.get('price') as NumberField).values);
  const shown = await load({ name: 'f1', body: 'id;price\na;1.299 €\nb;899,00 €\nc;1.299,00 €\nd;1 299,- €\n' });
  expect(await pricesOf()).toEqual([1299, 899, 1299, 1299]);
  expect(shown?.notes.join()).not.toContain('two ways');
  const open = await load({ name: 'f2', body: 'id;price\na;12 €\nb;1.299 €\nc;1,299 €\n' });
  expect(await pricesOf()).toEqual([12, 1.299, 1299]);
  expect(open?.notes).toContain(
    'Values of price that may be read in two ways, since the others do not tell whether "." or "," is the decimal sign: 2. "1.299" of product "b" is taken for 1.299, and others likewise.',
  );
});
