import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { ingestInFolder } from '../../support/ingest.ts';

const { refusal, ingest } = ingestInFolder();

const lines = (rows: unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

/** What stands behind `--data FILE` in the command that the message prints. */
async function suggested(content: string | Uint8Array, name = 'clicks.csv', request: Record<string, unknown> = {}) {
  const message = await refusal({ [name]: content }, { columns: undefined, ...request });
  return /--data FILE (.*)/.exec(message)?.[1];
}

describe('a text beside the data', () => {
  const known = 'event_time,event_type,product_id,user_session\n';

  it('is named, and so is the file of a known format', async () => {
    const message = await refusal(
      {
        'A.txt': 'PROVENANCE, and so on\n',
        'b.txt': 'It has views.\n',
        'c.csv': `${known}2026-03-01 10:00:00,view,A,1\n`,
      },
      { columns: undefined },
    );
    expect(message).toMatch(
      /A\.txt is of no known format, and \S+c\.csv is: rees46\. All files of a folder are one table/,
    );
    expect(message).toContain(
      "move what is no data elsewhere, or name the files to read, as in --data 'folder/clicks*.csv'.",
    );
  });

  it('is told of its columns where no other file is of a known format', async () => {
    const message = await refusal(
      { 'A.txt': 'PROVENANCE, and so on\n', 'b.csv': 'x,y\n1,2\n' },
      { columns: undefined },
    );
    expect(message).toContain('A.txt is of no known format. Its columns are "PROVENANCE", "and so on".');
  });
});

describe('a table of no known format is answered with the command that reads it', () => {
  it.each([
    ['French', 'Visite;Produit;Date et heure\n1;a;x\n', "--session Visite --product Produit --time 'Date et heure'"],
    [
      'German, by users',
      'Kundennummer;Artikelnummer;Zeitpunkt\n1;a;x\n',
      '--user Kundennummer --gap 30m --product Artikelnummer --time Zeitpunkt',
    ],
    [
      'Japanese',
      'セッション,商品名,商品コード,日時\ns,a,A1,2026/03/01 10:00:00\n',
      "--session 'セッション' --product '商品コード' --time '日時'",
    ],
    [
      'ids beside names, prices and actions',
      'session_hash,product_action,product_name,product_price,product_sku,ts\ns,view,n,1,A1,1772360220\n',
      '--session session_hash --product product_sku --time ts',
    ],
    [
      'a day and the time of that day',
      'visit_id,sku,date,time\nv,A1,20260301,100000\n',
      '--session visit_id --product sku --time date,time',
    ],
    ['a counter and no time', 'session,item,position\ns,A1,1\n', '--session session --product item --order position'],
    [
      'a moment by what it holds',
      'sid,sku,wann\ns,A1,2026-03-01T10:00:00Z\n',
      '--session sid --product sku --time wann',
    ],
    [
      'the products of a session in one cell',
      'session,start,products\ns,2026-03-01 10:00,"A1,A2,A3"\nt,2026-03-02 10:00,"A2,A3"\n',
      "--session session --product 'products[]' --time start",
    ],
    [
      'orders, each with a list of its products',
      'order,products\nv00000,SKU-1|SKU-2\nv00001,SKU-2|SKU-3\n',
      "--session order --product 'products[]'",
    ],
    [
      'orders that have a number',
      'order,products\n1001,SKU-1|SKU-2\n1002,SKU-2|SKU-3\n',
      "--session order --product 'products[]'",
    ],
    [
      'names of orders beside a session',
      'session,order,products\ns,v00000,SKU-1|SKU-2\nt,v00001,SKU-2|SKU-3\n',
      "--session session --product 'products[]'",
    ],
    [
      'a counter and no session',
      'position,sku,who\n1,A1,x\n2,A2,x\n1,A1,y\n',
      '--session COLUMN --product sku --order position',
    ],
    [
      'events, of which one is a look at a product',
      'sid,event_type,sku,ts\ns,page_view,,1772360220\ns,view_product,A1,1772360221\ns,purchase,A1,1772360222\n',
      '--session sid --product sku --time ts --event event_type --events view_product=1',
    ],
    [
      'JSON in a cell',
      'ts,payload\n2026-03-01T10:00:00Z,"{""visitor"":""v1"",""sku"":""A1""}"\n',
      '--user payload.visitor --gap 30m --product payload.sku --time ts',
    ],
  ])('%s', async (_, content, expected) => {
    expect(await suggested(content)).toBe(expected);
  });

  it('by the fields inside of JSON Lines', async () => {
    const properties = { time: 1772360220, distinct_id: 'u1', product_id: 'A1', 'a.b': 1 };
    const content = lines([
      { event: 'Page View', properties },
      { event: 'Product Viewed', properties },
    ]);
    expect(await suggested(content, 'clicks.jsonl')).toBe(
      "--user properties.distinct_id --gap 30m --product properties.product_id --time properties.time --event event --events 'Product Viewed=1'",
    );
  });

  it('by the elements of lists and the keys of key-value lists, in JSON and in Parquet', async () => {
    const row = {
      params: [
        { key: 'session_id', value: { int_value: 7, string_value: null } },
        { key: 'page', value: { int_value: null, string_value: '/a' } },
      ],
      items: [{ item_id: 'A1' }, { item_id: 'A2' }],
      created_at: '2026-03-01T10:00:00Z',
    };
    const expected = "--session params.session_id --product 'items[].item_id' --time created_at";
    expect(await suggested(JSON.stringify([row]), 'clicks.json')).toBe(expected);
    const columnData = Object.entries(row).map(([name, value]) => ({
      name,
      data: [typeof value === 'string' ? value : JSON.stringify(value)],
      type: 'STRING' as const,
    }));
    expect(await suggested(new Uint8Array(parquetWriteBuffer({ columnData })), 'clicks.parquet')).toBe(expected);
  });

  it('and reads it so', async () => {
    const properties = (sku: string) => ({ when: '2026-03-01T10:00:00Z', $session_id: 's', sku });
    const content = lines([{ properties: properties('A1') }, { properties: properties('A2') }]);
    expect(await suggested(content, 'clicks.jsonl')).toBe(
      "--session 'properties.$session_id' --product properties.sku --time properties.when",
    );
    const columns = { session: 'properties.$session_id', product: 'properties.sku', time: ['properties.when'] };
    expect((await ingest({ 'clicks.jsonl': content }, { columns })).counts).toMatchObject({
      rows: 2,
      rejectedRows: 0,
    });
  });
});

describe('what has no header', () => {
  it('is given names for all of its cells', async () => {
    expect(await suggested('u1\t2026-03-01T10:00:00Z\t\tA1\t7\nu2\t2026-03-01T10:00:01Z\t\tA2\t8\n')).toBe(
      '--names session,time,column3,product,column5 --session session --product product --time time',
    );
  });

  it('keeps the names that were given', async () => {
    expect(await suggested('u1,A1,7\n', 'clicks.csv', { names: ['sid', 'sku', 'ts'] })).toBe(
      '--names sid,sku,ts --session sid --product sku --time ts',
    );
  });
});

it.each([
  ['<!DOCTYPE html><html>\n<body>', 'It is a web page or XML and not a table'],
  ['10.0.0.1 - - [01/Mar/2026] "GET /product/P31"\n', 'no delimiter splits these lines'],
  [
    'A1 A2 A3\nA2 A4\n',
    "clicks.csv > sessions.tsv\n  npm run train -- --data sessions.tsv --names session,products --session session --product 'products[]'",
  ],
])('of %j it is said what it is', async (content, expected) => {
  expect(await refusal(content, { columns: undefined })).toContain(expected);
});

it.each([
  ['clicks.csv', '\ufeff'],
  ['clicks.csv', '\n \r\n'],
  ['clicks.json', '[]'],
  ['clicks.json', '{}'],
  ['clicks.jsonl', '{}\n{}\n'],
  ['clicks.jsonl', '\n'],
])('%s with %j is empty', async (name, content) => {
  expect(await refusal({ [name]: content }, { columns: undefined })).toMatch(
    /clicks\.\w+ is empty: .* Export it again\./,
  );
});

it('JSON Lines without an object are no table', async () => {
  expect(await refusal({ 'clicks.jsonl': '5\n6\n' }, { columns: undefined })).toContain('is a JSON object');
});

it('a delimiter that splits no line is told from a table that has none', async () => {
  const request = { columns: undefined, delimiter: '\t' };
  expect(await refusal('session;sku;ts\n1;a;1772360220\n', request)).toContain(
    'is separated by ";" and not by "\\t": leave out the delimiter (--delimiter)',
  );
  expect(await refusal('one\ntwo\n', request)).toContain('no delimiter splits these lines');
});

it.each([
  ['a few rows', 's,p,t\n1,a,1772360220\n', {}],
  ['more than is looked at', `s,p,t\n${'1,a,1772360220\n'.repeat(100_000)}`, {}],
  ['named columns', 'sid,sku,n\n1,a,1\n', { columns: { session: 'sid', product: 'sku', order: 'n' } }],
  ['given names', '1,a,1\n', { names: ['s', 'p', 'o'] }],
  ['Latin-1', Buffer.from('Sitzung;Größe\n1;2\n', 'latin1'), {}],
])('a file that is not UTF-16 is told so: %s', async (_, content, request) => {
  expect(await refusal(content, { columns: undefined, encoding: 'utf-16', ...request })).toMatch(
    /clicks\.csv is not UTF-16, as the encoding \(--encoding\) says\. Leave it out: /,
  );
});

it('a header in an encoding that is not read is told how to become UTF-8', async () => {
  const header = Uint8Array.from([0x83, 0x5a, 0x83, 0x62, 0x2c, 0x93, 0xfa, 0x8e, 0x9e, 0x0a, 0x31, 0x2c, 0x32, 0x0a]);
  expect(await refusal(header, { columns: undefined })).toContain('iconv -f SHIFT_JIS -t UTF-8');
});
