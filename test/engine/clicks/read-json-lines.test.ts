import { expect, it } from 'vitest';
import { ingestInFolder } from '../../support/ingest.ts';

const { ingest, refusal } = ingestInFolder();
const jsonLines = (...lines: string[]) => ({ 'clicks.jsonl': lines.map((line) => `${line}\n`).join('') });

it('keeps every field of every line, in the order of first appearance', async () => {
  const { clicks } = await ingest(
    jsonLines(
      '{"z":true,"s":1,"p":"A","o":1,"nested":{"a":[1]},"none":null}',
      '{"s":"007","p":"B","o":2,"late":1.5,"z":false}',
    ),
  );
  expect(clicks).toEqual([
    { z: 'true', s: '1', p: 'A', o: 1n, nested: '{"a":[1]}', none: null, late: null },
    { z: 'false', s: '007', p: 'B', o: 2n, nested: null, none: null, late: 1.5 },
  ]);
  expect(Object.keys(clicks[0])).toEqual(['z', 's', 'p', 'o', 'nested', 'none', 'late']);
});

it('takes names that JSON pointers or SQL escape, that are empty, or that differ in case only', async () => {
  const [click] = (
    await ingest(jsonLines('{"P":0,"s":1,"p":"A","o":1,"a.b":1,"a/b":2,"a~b":3,"it\'s":4,"q\\"q":5,"":6}'))
  ).clicks;
  expect(click).toEqual({
    P_1: 0n,
    s: '1',
    p: 'A',
    o: 1n,
    'a.b': 1n,
    'a/b': 2n,
    'a~b': 3n,
    "it's": 4n,
    'q"q': 5n,
    column9: 6n,
  });
});

it('refuses each bad line with its own number and keeps the others', async () => {
  const { clicks, rejected, counts } = await ingest({
    'clicks.jsonl': Buffer.from(
      [
        '{"s":1,"p":"A","o":1}', // 1
        '', // 2
        'nonsense', // 3
        '[1]', // 4
        '{"s":1,"p":"Gr\xfcn","o":2}', // 5: Latin-1
        '{"s":1,"p":"","o":2}', // 6
        '{"s":1,"o":2}', // 7
        '{"s":1,"p":"B","o":"x"}', // 8
        '{"s":1,"p":"C","o":3}', // 9
        '{"s":1,"p":"D","o":4', // 10: cut off
      ].join('\n'),
      'latin1',
    ),
  });
  expect(clicks.map(({ p }) => p)).toEqual(['A', 'C']);
  expect(rejected.map(({ line, column }) => [line, column])).toEqual([
    [3n, null],
    [4n, null],
    [5n, null],
    [6n, 'p'],
    [7n, 'p'],
    [8n, 'o'],
    [10n, null],
  ]);
  expect(rejected[0]).toMatchObject({ reason: 'is not a JSON object', content: 'nonsense' });
  expect(rejected[2]['reason']).toContain('invalid encoding');
  expect(rejected[5]['reason']).toBe('is not a number: found "x"');
  expect(counts).toEqual({ rows: 2, rejectedRows: 7 });
});

it.each([
  ['CRLF', ['\r\n']],
  ['CRLF, then LF', ['\r\n', '\n']],
  ['LF, then CRLF', ['\n', '\r\n']],
])('reads line ends: %s', async (_, ends) => {
  const lines = ['{"s":1,"p":"A","o":1}', '{"s":1,"p":"B","o":2}', 'bad', '{"s":1,"p":"C","o":3}'];
  const { clicks, rejected } = await ingest({
    'clicks.jsonl': `\ufeff${lines.map((line, i) => line + ends[i % ends.length]).join('')}`,
  });
  expect(clicks.map(({ p }) => p)).toEqual(['A', 'B', 'C']);
  expect(rejected.map(({ line }) => line)).toEqual([3n]);
});

it('reads a JSON array and objects that span lines', async () => {
  const rows = [
    { s: 1, p: 'A', o: 1, nested: { a: [1] } },
    { s: '1', p: 'B', o: 2.5 },
  ];
  const expected = [
    { s: '1', p: 'A', o: 1, nested: '{"a":[1]}' },
    { s: '1', p: 'B', o: 2.5, nested: null },
  ];
  expect((await ingest({ 'clicks.json': JSON.stringify(rows) })).clicks).toEqual(expected);
  expect((await ingest({ 'clicks.json': JSON.stringify(rows, null, 2) })).clicks).toEqual(expected);
  const indented = rows.map((row) => JSON.stringify(row, null, 1)).join('\n');
  expect((await ingest({ 'clicks.json': indented })).clicks).toEqual(expected);
});

it('refuses objects without the columns, a document that is cut off, and what Python prints', async () => {
  expect(await refusal(jsonLines('{"s":1,"sku":"A"}'))).toMatch(/has no column "p", "o".*"s", "sku"/);
  expect(await refusal({ 'clicks.json': '[{"s":1,"p":"A","o":1},' })).toMatch(/clicks\.json cannot be read as JSON/);
  expect(await refusal(jsonLines("{'s': 1, 'p': 'A'}"))).toContain('json.dumps');
});
