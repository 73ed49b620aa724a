import { gzipSync } from 'node:zlib';
import type { Draw } from './draw.ts';
import type { WrittenFile } from './files.ts';

/** Small files that are made to hurt, in the columns s, p, o. */
export const HOSTILE: Record<string, (draw: Draw) => WrittenFile> = {
  'many columns': (draw) => {
    const names = draw.list(draw.pick([200, 1_000, 3_000]), (i) => `c${i}`);
    return csv([['s', 'p', 'o', ...names], ...ROWS.map((row) => [...row, ...names.map(() => '1')])]);
  },
  'one name many times': (draw) => {
    const names = draw.list(draw.pick([2, 50, 2_000]), () => draw.pick(['x', 'X', 's', '']));
    return csv([['s', 'p', 'o', ...names], ...ROWS.map((row) => [...row, ...names.map(() => '1')])]);
  },
  'many keys': (draw) =>
    lines(
      ROWS.map(([s, p, o], row) => ({
        s,
        p,
        o,
        ...Object.fromEntries(draw.list(draw.pick([100, 1_000, 5_000]), (i) => [`k${row}_${i}`, i])),
      })),
    ),
  'deep JSON': (draw) => {
    const depth = draw.pick([50, 500, 5_000]);
    const deep = `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
    return text('clicks.jsonl', ROWS.map(([s, p, o]) => `{"s":"${s}","p":"${p}","o":${o},"deep":${deep}}`).join('\n'));
  },
  'lists and objects for ids': (draw) =>
    lines(
      ROWS.map(([s, p, o]) => ({
        s: draw.pick([s, [s], { id: s }, 7, true, null]),
        p: draw.pick([p, [p], { id: p }, 7, 1.5]),
        o,
      })),
    ),
  'a long cell': (draw) => {
    const long = draw.pick(['x', '"', ',', 'é', ' ']).repeat(draw.pick([70_000, 1_000_000, 3_000_000]));
    return csv([['s', 'p', 'o', 'x'], ...ROWS.map((row, i) => [...row, i === 2 ? long : ''])]);
  },
  'a long id': (draw) => {
    const id = 'i'.repeat(draw.pick([1_000, 100_000, 1_000_000]));
    return csv([['s', 'p', 'o'], ...ROWS, [id, 'a', '9'], [id, 'b', '10'], ['s1', id, '11']]);
  },
  'a long name': (draw) =>
    csv([['s', 'p', 'o', 'n'.repeat(draw.pick([300, 70_000, 500_000]))], ...ROWS.map((row) => [...row, '1'])]),
  'an open quote': (draw) => {
    const rows = ROWS.map((row) => row.join(','));
    rows.splice(draw.below(rows.length), 0, '"s9,a,1');
    return text('clicks.csv', ['s,p,o', ...rows].join('\n'));
  },
  'control characters': (draw) => {
    const control = () => String.fromCharCode(draw.pick([0, 1, 7, 8, 11, 12, 27, 127, 0x85, 0x2028]));
    return csv([
      [`s`, 'p', 'o', `x${control()}`],
      ...ROWS.map(([s, p, o]) => [s + control(), control() + p, o, control()]),
    ]);
  },
  'extreme numbers': (draw) => {
    const extremes = [
      '9223372036854775807',
      '-9223372036854775808',
      '1e308',
      '-1e308',
      '4.9e-324',
      '0x10',
      '1_000',
      '٣',
      '-0',
    ];
    return csv([['s', 'p', 'o'], ...ROWS.map(([s, p]) => [s, p, draw.pick(extremes)])]);
  },
  'extreme times': (draw) => {
    const extremes = [
      '0001-01-01',
      '9999-12-31T23:59:59Z',
      '-290308-12-22',
      '294247-01-10',
      '1e18',
      '-62135596800',
      '2026-02-30',
      '24:00',
      '2026-01-01T00:00:00+99:99',
    ];
    return csv([['s', 'p', 'o'], ...ROWS.map(([s, p]) => [s, p, draw.pick(extremes)])]);
  },
  'far more when unpacked': (draw) => {
    const row = draw.pick(['s1,a,1\n', '\n', ' '.repeat(1_000)]);
    const packed = gzipSync(`s,p,o\n${row.repeat(Math.ceil(draw.pick([1e6, 1e7]) / row.length))}`);
    return { name: 'clicks.csv.gz', bytes: Uint8Array.from(packed) };
  },
  'hardly anything': (draw) =>
    text(
      'clicks.csv',
      draw.pick([
        '',
        '\n',
        '\ufeff',
        ' ',
        's',
        's,p,o',
        's,p,o\n',
        's,p,o\n\n\n',
        '"',
        '{}',
        '[]',
        'null',
        's,p,o\na',
        's;p,o\n1;2,3',
      ]),
    ),
};

const ROWS = [
  ['s1', 'a', '1'],
  ['s1', 'b', '2'],
  ['s2', 'a', '1'],
  ['s2', 'c', '2'],
  ['s3', 'b', '1'],
  ['s3', 'a', '2'],
];

function csv(rows: readonly (readonly string[])[]): WrittenFile {
  const cell = (value: string) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  return text('clicks.csv', `${rows.map((row) => row.map(cell).join(',')).join('\n')}\n`);
}

function lines(objects: readonly object[]): WrittenFile {
  return text('clicks.jsonl', `${objects.map((object) => JSON.stringify(object)).join('\n')}\n`);
}

function text(name: string, content: string): WrittenFile {
  return { name, bytes: new TextEncoder().encode(content) };
}
