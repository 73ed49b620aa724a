import { execFileSync } from 'node:child_process';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { sampledFields } from '../../../engine/clicks/suggest-columns.ts';
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

it('a folder of several tables is told which of them has views, and how to take it alone', async () => {
  const features = 'item_id,feature\n1,2\n';
  const views = 'session_id,item_id,date\n1,2,2026-03-01 10:00:00\n';
  const files = { 'candidates.csv': 'item_id\n1\n', 'features.csv': features, 'train_sessions.csv': views };
  const message = await refusal(files, { columns: undefined });
  expect(message).toContain('/train_sessions.csv" has a session or a user, a product and a time');
  expect(message).toContain('/features.csv: "item_id", "feature"');
  expect(message).toContain('--data FOLDER/train_sessions.csv --session session_id --product item_id --time date');
  expect(message).toContain('In place of FOLDER put the folder');
  const several = await refusal({ ...files, 'buys.csv': views }, { columns: undefined });
  expect(several).toContain('Train on one of them alone');
  expect(several).toContain('--data FOLDER/train_sessions.csv');
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
    [
      'a day and the time of a twelve-hour clock',
      'visit_id,sku,Date,Time\nv,A1,2026-03-01,9:55 PM\n',
      '--session visit_id --product sku --time Date,Time',
    ],
    [
      'a day and a clock by what it holds',
      'visit_id,sku,day,h_m_s\nv,A1,2026-03-01,21:55:42\n',
      '--session visit_id --product sku --time day,h_m_s',
    ],
    [
      'a day, an hour and a minute',
      'visit_id,sku,day,minute,hour,second_colour\nv,A1,2026-03-01,55,21,7\n',
      '--session visit_id --product sku --time day,hour,minute',
    ],
    [
      'the number under a bar code',
      'session_id,ean,ts\ns,4006381333931,1772360220\n',
      '--session session_id --product ean --time ts',
    ],
    [
      'nanoseconds',
      'session_id,sku,viewed\ns,A1,1772360220123456789\n',
      '--session session_id --product sku --time viewed',
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
      'the time that is filled in all rows',
      'visit,sku,Paid at,Created at\n1,a,2026-03-01 10:00:00,2026-03-01 10:00:00\n1,b,,2026-03-01 10:00:00\n1,c,,2026-03-01 10:00:00\n',
      "--session visit --product sku --time 'Created at'",
    ],
    [
      "the event's own time, not that of its arrival",
      'sid,received_at,original_timestamp,sent_at,timestamp,sku\ns,2026-03-01 10:00:00,2026-03-01 10:00:00,2026-03-01 10:00:00,2026-03-01 10:00:00,a\n',
      '--session sid --product sku --time timestamp',
    ],
    [
      'a time that needs its format',
      'sid,sku,ts\ns,a,2026年03月01日 10:00:00\n',
      "--session sid --product sku --time ts --time-format '%Y年%m月%d日 %H:%M:%S'",
    ],
    [
      'a measure beside a product',
      'sid,item_latitude,item,ts\ns,46.95,A1,1772360220\n',
      '--session sid --product item --time ts',
    ],
    [
      'JSON in a cell',
      'ts,payload\n2026-03-01T10:00:00Z,"{""visitor"":""v1"",""sku"":""A1""}"\n',
      '--user payload.visitor --gap 30m --product payload.sku --time ts',
    ],
  ])('%s', async (_, content, expected) => {
    expect(await suggested(content)).toBe(expected);
  });

  it('by the product of a line of an order, not by the line', async () => {
    const lines = [{ id: 77, variant_id: 5, product_id: 7, sku: 'A1' }];
    const order = { id: 1, customer_id: 3, created_at: '2026-03-01T10:00:00Z', line_items: lines };
    expect(await suggested(JSON.stringify([order]), 'orders.json')).toBe(
      "--user customer_id --gap 30m --product 'line_items[].product_id' --time created_at",
    );
    const message = await refusal(
      { 'orders.json': JSON.stringify({ orders: [order, order] }) },
      { columns: undefined },
    );
    expect(message).toContain("jq -c '.orders[]' orders.json > rows.jsonl");
    expect(message).toContain(
      "--data rows.jsonl --user customer_id --gap 30m --product 'line_items[].product_id' --time created_at",
    );
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

  it('of a JSON array as of JSON Lines: the keys of its rows, and the time of the view', async () => {
    const rows = [1, 2].map((visit) => ({
      visit,
      startTime: 1772360220,
      actions: [1, 2].map((n) => ({ type: 'action', timestamp: 1772360220 + n, sku: `A${n}` })),
    }));
    const expected = "--session visit --product 'actions[].sku' --time 'actions[].timestamp'";
    expect(await suggested(lines(rows), 'clicks.jsonl')).toBe(expected);
    expect(await suggested(JSON.stringify(rows), 'clicks.json')).toBe(expected);
    expect(await suggested(JSON.stringify(rows, null, 2), 'clicks.json')).toBe(expected);
    const message = await refusal({ 'clicks.json': JSON.stringify(rows) }, { columns: undefined });
    expect(message).toContain(
      'Its columns are "visit", "startTime", "actions[].type", "actions[].timestamp", "actions[].sku".',
    );
  });

  it('with any other column in place of COLUMN where none looks like an id', async () => {
    const message = await refusal('session_id,product_url,ts\ns,/p/1,1772360220\n', { columns: undefined });
    expect(message).toContain('In place of COLUMN put the product: perhaps "product_url".');
  });

  it('with the columns that may stand in place of COLUMN', async () => {
    const message = await refusal('userID,artistID,tagID,timestamp\n1,7,8,1772360220\n', { columns: undefined });
    expect(message).toContain('In place of COLUMN put the product: one of "artistID", "tagID".');
  });

  it('and the options that were given', async () => {
    expect(await suggested('a,b,ts\n1,2,1772360220\n', 'clicks.csv', { columns: { session: 'a', product: 'b' } })).toBe(
      '--session a --product b --time ts',
    );
  });

  it('whose rows are sessions: number them, and take the lists', async () => {
    const content = "prev_items,locale\n\"['B1' 'B2'\n 'B3']\",UK\n\"['B2' 'B1']\",DE\n";
    const message = await refusal({ 'clicks.csv': content }, { columns: undefined });
    expect(message).toContain('each row is a session. Number the rows');
    const [, python] = /python3 -c "(.*)" < clicks\.csv > numbered\.csv/.exec(message)!;
    expect(message).toContain("--data numbered.csv --session session --product 'prev_items[]'");
    const numbered = execFileSync('python3', ['-c', python], { input: content });
    const columns = { session: 'session', product: 'prev_items[]' };
    expect((await ingest({ 'numbered.csv': numbered }, { columns })).counts).toMatchObject({
      rows: 2,
      rejectedRows: 0,
    });
  });

  it('that has neither a time nor a counter: number its rows', async () => {
    const content = 'session,product\ns1,A\ns1,B\ns2,"B, red"\ns2,A\n';
    const message = await refusal({ 'clicks.csv': content }, { columns: undefined });
    expect(message).toContain('If the rows stand in that order, number them, in the folder of the file:');
    const [, python] = /python3 -c "(.*)" < clicks\.csv > numbered\.csv/.exec(message)!;
    expect(message).toContain('--data numbered.csv --session session --product product --order row');
    const numbered = execFileSync('python3', ['-c', python], { input: content }).toString();
    expect(numbered.split('\r\n')).toEqual(['row,session,product', '1,s1,A', '2,s1,B', '3,s2,"B, red"', '4,s2,A', '']);
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

describe('the header of a known format is not enough', () => {
  const track = (properties: unknown) => ({
    anonymousId: 'u',
    event: 'Product Viewed',
    timestamp: '2026-03-01T10:00:00Z',
    properties,
  });
  const page = { ...track({ url: '/' }), event: 'Page Viewed' };

  it.each([
    ['another name', [page, track({ productId: 'A1' })], '--product properties.productId'],
    ['a list', [track({ products: [{ product_id: 'A1' }] })], "--product 'properties.products[].product_id'"],
    ['other fields of events', [{ session: 's', events: [{ sku: 'A1', ts: 1772360220 }] }], "--product 'events[].sku'"],
  ])('GIVEN %s where the product should be THEN the command names it', async (_, rows, option) => {
    expect(await suggested(lines(rows), 'events.jsonl')).toContain(option);
  });

  it('GIVEN no row yet that counts THEN the format is taken', async () => {
    const rows = [...Array.from({ length: 300 }, () => page), track({ product_id: 'A1' })];
    const { counts } = await ingest({ 'events.jsonl': lines(rows) }, { columns: undefined });
    expect(counts).toMatchObject({ skippedByEvent: 300 });
  });
});

it('GIVEN more keys than a table can have THEN it is said at once', async () => {
  const keys = Object.fromEntries(Array.from({ length: 2_001 }, (_, i) => [`k${i}`, i]));
  expect(await refusal({ 'a.jsonl': lines([keys]) }, { columns: undefined })).toContain(
    'has 2,001 columns; at most 2,000',
  );
});

it('GIVEN as many columns as a table can have THEN their suggestion takes no time', async () => {
  const names = ['session_id', 'sku', 'ts', ...Array.from({ length: 1_997 }, (_, i) => `attribute_${i}`)];
  const rows = Array.from({ length: 200 }, (_, i) => names.map((_, column) => `${column}${i}`));
  const startedAt = performance.now();
  const fields = sampledFields(
    names,
    rows.map((row) => Object.fromEntries(row.map((value, i) => [names[i], value]))),
  );
  expect(fields.map(({ path }) => path)).toEqual(names);
  // Where each path is looked for among all columns it is more: 11 s at half as many.
  expect(performance.now() - startedAt).toBeLessThan(5_000);
});

describe('what has no header', () => {
  it('is given names for all of its cells', async () => {
    expect(await suggested('u1\t2026-03-01T10:00:00Z\t\tA1\t7\nu2\t2026-03-01T10:00:01Z\t\tA2\t8\n')).toBe(
      '--names session,time,column3,product,column5 --session session --product product --time time',
    );
  });

  it.each([
    [
      'a time in words, and a constant',
      'x\t40\tv1\tTue Apr 03 18:00:09 +0000 2012\nx\t41\tv2\tTue Apr 03 18:00:10 +0000 2012\nx\t42\tv1\tTue Apr 03 18:00:11 +0000 2012\n',
      '--names column1,session,product,time --session session --product product --time time',
    ],
    [
      'a year of two digits',
      'u1\t31/10/19 23:50:00\tA1\nu2\t01/11/19 00:05:00\tA2\n',
      '--names session,time,product --session session --product product --time time',
    ],
    [
      'ISO 8601 without signs',
      'u1\t20191003T034526Z\tA1\nu2\t20191003T034527Z\tA2\n',
      '--names session,time,product --session session --product product --time time',
    ],
    [
      'small letters of ISO 8601',
      'u1\t2019-10-03t03:45:26z\tA1\nu2\t2019-10-03t03:45:27z\tA2\n',
      '--names session,time,product --session session --product product --time time',
    ],
    [
      'a place in decimals is no product',
      '0\t2026-03-01T10:00:00Z\t32.14\t-98.67\t22862\n1\t2026-03-01T10:00:00Z\t33.5\t-99.25\t22868\n',
      '--names session,time,column3,column4,product --session session --product product --time time',
    ],
    [
      'no time',
      '7001\tA1\tx\n7002\tA2\ty\n',
      '--names session,product,column3 --session session --product product --time COLUMN',
    ],
    [
      'tabs around JSON',
      'e\t71\t1772360220\t{"a": 1, "b": 2}\t{"c": [1, 2, 3]}\ne\t72\t1772360221\t{"a": 1, "b": 2}\t{"c": []}\ne\t73\t1772360222\t{"a": 1, "b": 2}\t{"c": [1]}\n',
      '--names column1,session,time,column4,column5 --session session --product COLUMN --time time',
    ],
    [
      'a day, a clock and other moments',
      '2026-03-01\t10:00:00\tFRA\t2026-03-01\tv1\tA1\n2026-03-01\t10:00:07\tFRA\t2026-03-01\tv1\tA2\n2026-03-01\t10:00:09\tFRA\t2026-03-02\tv2\tA1\n',
      '--names day,clock,column3,column4,session,product --session session --product product --time day,clock',
    ],
  ])('%s', async (_, content, expected) => {
    expect(await suggested(content)).toBe(expected);
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

it.each([
  ['a key and a tab', 'u1\t{"sid": "s", "sku": "A1"}\n'],
  ['a time and a level', '2026-03-01T10:00:00Z INFO {"sid":"s","sku":"A1"}\n'],
])('GIVEN JSON after %s THEN the command that keeps it alone', async (_, line) => {
  const message = await refusal({ 'queue.txt': line.repeat(3) }, { columns: undefined });
  expect(message).toContain("sed 's/^[^{]*//' queue.txt > clicks.jsonl");
  const kept = execFileSync('sed', ['s/^[^{]*//'], { input: line, encoding: 'utf8' });
  expect(JSON.parse(kept)).toEqual({ sid: 's', sku: 'A1' });
});

it.each([
  ['NaN', '{"sid":"s","sku":"A: NaN,","price":NaN}\n', 'NaN is no value of JSON; write null in its place'],
  ['quotes of Python', "{'sid': 's'}\n", 'write it with json.dumps'],
])('GIVEN lines of JSON with %s THEN it is said', async (_, line, fault) => {
  expect(await refusal({ 'clicks.jsonl': line }, { columns: undefined })).toContain(
    `first line is not a JSON object: `,
  );
  expect(await refusal({ 'clicks.jsonl': line }, { columns: undefined })).toContain(fault);
});

it('GIVEN objects without a line end between them THEN they are read', async () => {
  const views = [1, 2, 3].map((o) => JSON.stringify({ s: 'v', p: `P${o}`, o }));
  const { clicks } = await ingest({ 'firehose-1': views.join('') });
  expect(clicks.map(({ p }) => p)).toEqual(['P1', 'P2', 'P3']);
});

it('JSON Lines without an object are no table', async () => {
  expect(await refusal({ 'clicks.jsonl': '5\n6\n' }, { columns: undefined })).toContain('is not a JSON object');
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

it('rows without a customer, who is the session, are told the filter that leaves them out', async () => {
  const request = {
    columns: { session: 'Customer ID', product: 'sku', time: ['ts'] },
    where: ['qty>0'],
    settings: { max_rejected_share: 0 },
  };
  const content = 'Customer ID,sku,ts,qty\n7,a,1772360220,1\n,a,1772360220,1\n';
  expect(await refusal(content, request)).toContain(
    `To leave out the rows without "Customer ID", and count them: --where 'qty>0' --where 'Customer ID!='.`,
  );
  const where = ['qty>0', 'Customer ID!='];
  expect((await ingest(content, { ...request, where })).counts).toMatchObject({ skippedByFilter: 1, rejectedRows: 0 });
});

it('a list that is named as the session is not told to take its elements', async () => {
  const columns = { session: 'items', product: 'items[]' };
  expect(await refusal("items\n['a' 'b']\n", { columns })).toContain('number the rows in a column of their own');
});
