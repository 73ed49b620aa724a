import { gzipSync, zstdCompressSync } from 'node:zlib';
import { parquetReadObjects } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { beforeEach, describe, expect, test } from 'vitest';
import { valuesAt } from '../../../engine/catalogue/catalogue.ts';
import {
  CATALOGUE_CURRENT_KEY,
  CATALOGUE_VERSIONS_PREFIX,
  catalogueKey,
} from '../../../engine/catalogue/catalogue-keys.ts';
import { ConflictError, InputError, NotFoundError } from '../../../engine/errors.ts';
import type { LoadOptions } from '../../../lambdas/catalogue/load-feed.ts';
import { readCataloguePointer } from '../../../lambdas/shared/catalogue/current-catalogue.ts';
import { listFeedRecords, readFeedRecord } from '../../../lambdas/shared/catalogue/feed-records.ts';
import { FeedLoader, type FeedUpload } from '../../support/feed-loader.ts';
import type { MemoryArtifactStore } from '../../support/memory-artifact-store.ts';

let store: MemoryArtifactStore;
let load: FeedLoader['load'];
let live: FeedLoader['live'];

beforeEach(() => {
  ({ store, load, live } = new FeedLoader());
});

/** Products with their values as text. */
async function liveRows(): Promise<Record<string, unknown>> {
  const { productIds, fields } = await live();
  const valuesOf = (row: number) =>
    [...fields].flatMap(([name, field]) => {
      const values = valuesAt(field, row);
      return values.length === 0 ? [] : [[name, values.join('|')]];
    });
  return Object.fromEntries(productIds.map((id, row) => [id, Object.fromEntries(valuesOf(row))]));
}

async function rejects(version: string) {
  const { bytes } = (await store.get(catalogueKey(version, 'rejected_rows')))!;
  const rows = await parquetReadObjects({ file: bytes.slice().buffer });
  return rows.map(({ line, column, reason }) => [Number(line), column, reason]);
}

const EXPECTED = {
  A1: {
    title: 'Schöne Hose',
    price: '12.9',
    availability: 'in_stock',
    product_type: 'Hosen|Neu',
    size: 'M|L',
    currency: 'EUR',
  },
  B2: { title: 'Hut, groß', price: '7', availability: 'out_of_stock', product_type: 'Hüte', currency: 'EUR' },
};
const JSONL =
  '{"id":"A1","title":"Schöne Hose","price":"12.90 EUR","availability":"in stock","product_type":["Hosen","Neu"],"size":["M","L"]}\n' +
  '{"id":"B2","title":"Hut, groß","price":"7 EUR","availability":"sold out","product_type":"Hüte","size":null}\n';
const TSV = 'id\ttitle\tprice\tavailability\tproduct_type\nB2\tHut, groß\t7 EUR\tsold out\tHüte\n';
const RSS = `<?xml version="1.0" encoding="ISO-8859-1"?><rss><channel>
<item><g:id>A1</g:id><title>Schöne Hose</title><g:price>12,90 €</g:price><g:availability>in_stock</g:availability>
<g:product_type>Hosen</g:product_type><g:product_type>Neu</g:product_type><g:size>M</g:size><g:size>L</g:size></item>
<item><g:id>B2</g:id><title>Hut, groß</title><g:price>EUR 7.00</g:price><g:availability>out of stock</g:availability><g:product_type>Hüte</g:product_type></item>
</channel></rss>`;
const PARQUET = new Uint8Array(
  parquetWriteBuffer({
    columnData: [
      { name: 'id', data: ['A1', 'B2'] },
      { name: 'title', data: ['Schöne Hose', 'Hut, groß'] },
      { name: 'price', data: [12.9, 7] },
      { name: 'currency', data: ['EUR', 'EUR'] },
      { name: 'availability', data: ['in_stock', 'out_of_stock'] },
      { name: 'product_type', data: [['Hosen', 'Neu'], ['Hüte']], type: 'JSON' },
      { name: 'size', data: [['M', 'L'], null], type: 'JSON' },
    ],
  }),
);
const latin1 = (text: string) => Buffer.from(text.replace('€', 'EUR'), 'latin1');

describe('formats', () => {
  test.each<[string, FeedUpload, Partial<LoadOptions>]>([
    ['JSON Lines', { name: 'f.jsonl', body: JSONL }, {}],
    ['a JSON array', { name: 'f.json', body: `[${JSONL.trim().replace('\n', ',')}]` }, {}],
    ['JSON Lines in gzip', { name: 'f.jsonl.gz', body: gzipSync(JSONL) }, {}],
    ['Merchant XML in Latin-1, as it says itself', { name: 'f.xml', body: latin1(RSS) }, {}],
    ['Merchant XML in zstd', { name: 'f.xml.zst', body: zstdCompressSync(RSS.replace('ISO-8859-1', 'utf-8')) }, {}],
    [
      'XML in UTF-16',
      { name: 'f.xml', body: Buffer.from(`\ufeff${RSS.replace('ISO-8859-1', 'UTF-16')}`, 'utf16le') },
      {},
    ],
    ['Parquet with lists', { name: 'f.parquet', body: PARQUET }, {}],
  ])('%s', async (_what, upload, options) => {
    expect(await load(upload, options)).toMatchObject({ outcome: 'live', counts: { rows: 2, rejectedRows: 0 } });
    expect(await liveRows()).toEqual(EXPECTED);
  });

  test.each<[string, string | Uint8Array, Partial<LoadOptions>]>([
    ['TSV', TSV, {}],
    ['CSV with a semicolon', TSV.replaceAll('\t', ';'), {}],
    ['TSV in UTF-16', Buffer.from(`\ufeff${TSV}`, 'utf16le'), {}],
    ['TSV in Latin-1', Buffer.from(TSV, 'latin1'), { encoding: 'latin-1' }],
    ['without a header', TSV.split('\n')[1], { names: ['id', 'title', 'price', 'availability', 'product_type'] }],
    [
      'with the shop’s own names',
      TSV.replace('id\ttitle\tprice', 'sku\tname\tbrutto'),
      { columns: { id: 'sku', title: 'name', price: 'brutto' } },
    ],
    ['with Merchant’s prefixes', TSV.replace('id\ttitle\tprice', 'g:id\tg:title\tG:Price'), {}],
  ])('%s', async (_what, body, options) => {
    await load({ name: 'f.tsv', body }, options);
    expect(await liveRows()).toEqual({ B2: EXPECTED.B2 });
  });

  test('rejects have the line of the file that the shop sent', async () => {
    const xml = RSS.replace('EUR 7.00', 'cheap').replace('ISO-8859-1', 'utf-8');
    expect(await rejects((await load({ name: 'f.xml', body: xml }))!.version)).toEqual([
      [4, 'price', expect.stringContaining('"cheap" is no price')],
    ]);
    const jsonl = `${JSONL}not json\n{"id":"C","availability":"maybe"}\n`;
    expect(await rejects((await load({ name: 'f.jsonl', body: jsonl }))!.version)).toEqual([
      [3, null, 'is not a JSON object'],
      [4, 'availability', expect.stringContaining('"maybe" is no availability')],
    ]);
  });

  test.each<[string, string | Uint8Array, RegExp]>([
    ['empty', '', /is empty/],
    ['without an id', 'sku,title\n1,x\n', /has no column "id".*--id COLUMN/],
    [
      'JSON with the products inside of one object',
      '{"shop":{"id":1},"products":[{"id":1,"title":"x"},{"id":2}]}',
      /has no column "id"\. It has "shop", "products", and the one row's "products" is a list of objects: .* as with jq '\.\["products"\]'\.$/,
    ],
    [
      'the same over several lines',
      '{\n  "data": [\n    {"id": 1}\n  ]\n}',
      /the one row's "data" is a list of objects/,
    ],
    ['JSON with a list that is none of products', '{"sku":1,"images":["a"]}', /has no column "id".*--id COLUMN/],
    ['of XML without products', '<shop><name>404</name></shop>', /XML without any <item>/],
    ['a web page', '\n<!DOCTYPE html>\n<html><meta charset="utf-8"><br><p>Sign in</html>', /is a web page and no feed/],
    ['a web page in XML', '<?xml version="1.0"?><html><body>404</body></html>', /is a web page and no feed/],
    ['cut off', RSS.slice(0, 300).replace('ISO-8859-1', 'utf-8'), /cannot be read as XML/],
    ['a damaged Parquet file', PARQUET.slice(0, 200), /cannot be read as Parquet/],
    ['a header alone', 'id,title\n', /not one row/],
  ])('a feed that is %s is refused', async (_what, body, reason) => {
    const loading = load({ name: 'f', body });
    await expect(loading).rejects.toThrow(InputError);
    await expect(loading).rejects.toThrow(reason);
    expect(await readCataloguePointer(store)).toBeUndefined();
  });
});

test('doubles are numbers, however many digits they have', async () => {
  const json = '{"id":"a","rating":4.333333333333333,"share":0.00001}\n{"id":"b","rating":4.5,"share":1e16}\n';
  await load({ name: 'f.jsonl', body: json });
  expect((await live()).fields).toMatchObject(
    new Map([
      ['rating', { type: 'number', values: Float64Array.of(4.333333333333333, 4.5) }],
      ['share', { type: 'number', values: Float64Array.of(0.00001, 1e16) }],
    ]),
  );
  const roots = Array.from({ length: 2_000 }, (_, i) => Math.sqrt(i));
  const columnData = [
    { name: 'id', data: roots.map((_, i) => `p${i}`) },
    { name: 'root', data: roots },
  ];
  await load({ name: 'f.parquet', body: new Uint8Array(parquetWriteBuffer({ columnData })) }, { force: true });
  expect((await live()).fields.get('root')).toEqual({ type: 'number', values: Float64Array.from(roots) });
});

const CSV = (rows: string) => `id,title,price,availability\n${rows}`;
const FULL: FeedUpload = { name: 'full-1', body: CSV('a,A,1,in_stock\nb,B,2,in_stock\nc,C,3,in_stock\n'), at: 10 };
const DELTAS: FeedUpload[] = [
  { name: 'delta-1', kind: 'delta', body: 'id,price\na,10\nd,4\n', at: 20 },
  { name: 'delta-2', kind: 'delta', body: 'id,availability,action\na,sold out,\nb,,delete\n', at: 30 },
  { name: 'delta-3', kind: 'delta', body: 'id,price\na,12\nb,9\n', at: 40 },
];
const SECOND: FeedUpload = { name: 'full-2', body: CSV('a,A2,5,in_stock\nb,B2,6,in_stock\ne,E,7,in_stock\n'), at: 25 };

describe('the order in which uploads are announced', () => {
  const AFTER_ALL = {
    a: { title: 'A2', price: '12', availability: 'out_of_stock' },
    b: { price: '9' },
    e: { title: 'E', price: '7', availability: 'in_stock' },
  };
  test.each<[string, FeedUpload[]]>([
    ['as uploaded', [FULL, DELTAS[0], SECOND, DELTAS[1], DELTAS[2]]],
    ['the later full feed last', [FULL, ...DELTAS, SECOND]],
    ['deltas backwards', [FULL, DELTAS[2], DELTAS[1], DELTAS[0], SECOND]],
    ['the first full feed last', [SECOND, DELTAS[2], DELTAS[0], DELTAS[1], FULL]],
    ['each of them twice', [FULL, FULL, DELTAS[2], DELTAS[2], SECOND, DELTAS[1], SECOND, DELTAS[1], DELTAS[0]]],
  ])('does not matter: %s', async (_what, uploads) => {
    for (const upload of uploads) await load(upload);
    expect(await liveRows()).toEqual(AFTER_ALL);
  });

  test('does not matter for feeds that are loaded at once', async () => {
    await load(FULL);
    await Promise.all([SECOND, ...DELTAS].map((upload) => load(upload)));
    expect(await liveRows()).toEqual(AFTER_ALL);
  });

  test('an outdated feed says by what', async () => {
    await load(SECOND);
    expect(await load(FULL)).toMatchObject({ outcome: 'outdated', reason: expect.stringContaining('10:25:00') });
    expect(await load(SECOND)).toBeUndefined();
  });
});

describe('what is live stays', () => {
  const MANY = CSV(Array.from({ length: 100 }, (_, i) => `p${i},T${i},${i + 1},in_stock\n`).join(''));
  const FEW = CSV(Array.from({ length: 20 }, (_, i) => `p${i},T${i},${i + 1},in_stock\n`).join(''));

  test('a feed that lost most products is refused with a sentence and kept; by force it goes live and says so', async () => {
    await load({ name: 'many', body: MANY });
    const refused = await load({ name: 'few', body: FEW });
    expect(refused).toMatchObject({
      outcome: 'refused',
      forced: false,
      reason: expect.stringMatching(/^Refused: 20 products are left, where the live catalogue has 100/),
      facts: { products: 20 },
      before: { products: 100 },
    });
    expect((await live()).productIds).toHaveLength(100);
    expect(await store.get(catalogueKey(refused!.version, 'catalogue'))).toBeDefined();
    const forced = await load({ name: 'few again', body: FEW }, { force: true });
    expect(forced).toMatchObject({
      outcome: 'live',
      forced: true,
      reason: expect.stringMatching(/^Live by force: 20 products/),
    });
    expect((await live()).productIds).toHaveLength(20);
    expect(await readFeedRecord(store, forced!.version)).toEqual(forced);
  });

  test('GIVEN as many products under other ids THEN it is refused, with one that is gone and one that is new', async () => {
    await load({ name: 'many', body: MANY });
    const others = await load({ name: 'others', body: MANY.replaceAll(/^p/gm, 'sku-') });
    expect(others).toMatchObject({
      outcome: 'refused',
      reason:
        'Refused: 0 of the live catalogue\'s 100 products are among the 100 that there would be; at least 50 % of them must be left. Are the ids the same as before? "p0" is gone, and "sku-0" is new.',
    });
    const alike = await load({ name: 'alike', body: MANY.replaceAll(/^p/gm, '\u200bp') });
    // Two ids that look alike are told apart.
    expect(alike?.reason).toMatch(/"p0" is gone, and "\\u\{200b\}p0" is new\.$/);
    expect((await live()).productIds[0]).toBe('p0');
    const half = await load({ name: 'half', body: MANY.replaceAll(/^p(\d?[0-4],)/gm, 'sku-$1') });
    expect(half).toMatchObject({ outcome: 'live' });
    const more = `${MANY}${MANY.split('\n').slice(1).join('\n').replaceAll(/^p/gm, 'sku-')}`;
    expect(await load({ name: 'more', body: more })).toMatchObject({ outcome: 'live' });
  });

  test('GIVEN a live catalogue that cannot be read THEN a full feed goes live, whatever its ids', async () => {
    const first = await load({ name: 'many', body: MANY });
    await store.delete(catalogueKey(first!.version, 'catalogue'));
    const others = await load({ name: 'others', body: MANY.replaceAll(/^p/gm, 'sku-') });
    expect(others).toMatchObject({ outcome: 'live' });
  });

  test('a delta that deletes most products is refused, too', async () => {
    await load({ name: 'many', body: MANY });
    const ids = Array.from({ length: 60 }, (_, i) => `p${i}\n`).join('');
    const refused = await load({ name: 'd', kind: 'delta', body: `id\n${ids}` }, { deletes: true });
    expect(refused).toMatchObject({ outcome: 'refused', changes: { deleted: 60 } });
    expect((await live()).productIds).toHaveLength(100);
  });

  test('a delta without a catalogue has nothing to change', async () => {
    await expect(load(DELTAS[0])).rejects.toThrow(NotFoundError);
    expect(await store.list('')).toEqual([]);
  });

  test('a full feed mends a pointer that is torn; a delta cannot', async () => {
    await load(FULL);
    await store.put(CATALOGUE_CURRENT_KEY, '{"ver');
    await expect(load(DELTAS[0])).rejects.toThrow(/load a full feed/);
    await load(SECOND);
    expect((await live()).productIds).toEqual(['a', 'b', 'e']);
  });
});

describe('a feed that another one overtakes', () => {
  let put: MemoryArtifactStore['put'];
  const versionsKept = async () =>
    new Set((await store.list(CATALOGUE_VERSIONS_PREFIX)).map(({ key }) => key.split('/')[1]));
  const records = () => listFeedRecords(store, () => {});

  /** @param act is given what is about to be written. */
  function beforeMove(act: (pointer: Uint8Array | string) => Promise<unknown>) {
    put = store.put.bind(store);
    store.put = async (key, body, condition) => {
      if (key === CATALOGUE_CURRENT_KEY) await act(body);
      return put(key, body, condition);
    };
  }

  test('leaves nothing of the attempt that lost', async () => {
    beforeMove(() => {
      store.put = put;
      return load(FULL);
    });
    const { version } = (await load(SECOND))!;
    expect((await records()).map(({ feed }) => feed.name)).toEqual([SECOND.name, FULL.name]);
    expect((await readCataloguePointer(store))?.version).toBe(version);
    expect((await versionsKept()).size).toBe(2);
  });

  test('leaves nothing when it loses each time', async () => {
    await load(FULL);
    const before = await versionsKept();
    const { bytes } = (await store.get(CATALOGUE_CURRENT_KEY))!;
    beforeMove(() => put(CATALOGUE_CURRENT_KEY, bytes));
    await expect(load(SECOND)).rejects.toThrow(ConflictError);
    expect(await versionsKept()).toEqual(before);
  });

  test('keeps what went live though the store says that it did not', async () => {
    beforeMove((pointer) => {
      store.put = put;
      return put(CATALOGUE_CURRENT_KEY, pointer);
    });
    expect(await load(FULL)).toBeUndefined();
    expect((await live()).productIds).toEqual(['a', 'b', 'c']);
    expect(await records()).toHaveLength(1);
  });
});

test('old catalogues go, but for what the live one is made of', async () => {
  await load({ ...FULL, at: 0 });
  for (let i = 1; i <= 14; i++) await load({ name: `d${i}`, kind: 'delta', body: `id,price\na,${i}\n`, at: i });
  const kept = (await store.list(CATALOGUE_VERSIONS_PREFIX)).map(({ key }) =>
    key.replace(/^catalogue\/20261126T1000/, ''),
  );
  const whole = kept.filter((key) => key.endsWith('/catalogue.bin'));
  expect(whole).toEqual(
    ['01', '06', '07', '08', '09', '10', '11', '12', '13', '14', '15'].map((n) => `${n}/catalogue.bin`),
  );
  expect(kept.filter((key) => key.endsWith('/feed.bin'))).toHaveLength(14);
  await load({ name: 'late', kind: 'delta', body: 'id,price\nb,77\na,78\n', at: 3 });
  expect(await liveRows()).toMatchObject({ a: { price: '14' }, b: { price: '77' } });
  await load({ name: 'new', body: FULL.body, at: 50 });
  await load({ name: 'newer', body: FULL.body, at: 51 });
  const versionsLeft = new Set((await store.list(CATALOGUE_VERSIONS_PREFIX)).map(({ key }) => key.split('/')[1]));
  expect(versionsLeft.size).toBe(10);
});

test('the e-shop file is a catalogue of its products', async () => {
  const header =
    'year;month;day;order;country;session ID;page 1 (main category);page 2 (clothing model);colour;location;model photography;price;price 2;page';
  const body = `${header}\n2008;4;1;1;29;1;1;A13;8;5;1;28;2;1\n2008;4;1;2;29;1;4;P1;9;6;2;33;2;1\n2008;4;1;3;29;1;1;A13;8;5;1;28;2;1\n`;
  const record = await load({ name: 'eshop.csv', body }, { format: 'eshop' });
  expect(record).toMatchObject({ counts: { rows: 3, repeatedIds: 0 }, facts: { products: 2 } });
  expect(await liveRows()).toEqual({
    P1: {
      title: 'Multicolour piece on sale P1',
      product_type: 'Sale',
      color: 'multicolour',
      price: '33',
      currency: 'USD',
      photo: 'profile',
      page: 'page 1',
      place_on_page: 'bottom right',
      image_link: expect.stringMatching(/^data:image\/svg/),
    },
    A13: {
      title: 'Navy blue trousers A13',
      product_type: 'Trousers',
      color: 'navy blue',
      price: '28',
      currency: 'USD',
      photo: 'en face',
      page: 'page 1',
      place_on_page: 'bottom middle',
      image_link: expect.stringMatching(/^data:image\/svg/),
    },
  });
});
