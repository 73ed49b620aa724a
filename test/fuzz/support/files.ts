import { gzipSync, zstdCompressSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Click, Clicks } from './clicks.ts';
import type { Draw } from './draw.ts';

/** A file as a shop would upload it, and what has to be said about it. */
export interface WrittenFile {
  name: string;
  bytes: Uint8Array;
  encoding?: 'latin-1' | 'utf-16';
}

export function writeCsv(clicks: Clicks, draw: Draw, encoding: 'utf-8' | 'latin-1' | 'utf-16' = 'utf-8'): WrittenFile {
  const delimiter = draw.pick([',', ';', '\t', '|']);
  const lineEnd = draw.pick(['\n', '\n', '\r\n']);
  const alwaysQuoted = draw.chance(0.2);
  const cell = (text = '') =>
    alwaysQuoted || /["\r\n]/.test(text) || text.includes(delimiter) || text !== text.trim()
      ? `"${text.replaceAll('"', '""')}"`
      : text;
  const { names, cellsOf } = tableOf(clicks, draw);
  const lines = clicks.rows.map((row) => {
    const cells = cellsOf(row).map(cell);
    if (!row.torn) return cells.join(delimiter);
    return draw.chance(0.5) ? [...cells, 'one', 'two'].join(delimiter) : cells.slice(0, 2).join(delimiter);
  });
  const text = [names.map(cell).join(delimiter), ...lines].join(lineEnd) + (draw.chance(0.8) ? lineEnd : '');
  const bytes = encode(draw.chance(0.2) && encoding === 'utf-8' ? `\ufeff${text}` : text, encoding);
  const said = encoding === 'utf-8' ? {} : { encoding };
  return { ...compressed({ name: 'clicks.csv', bytes }, draw), ...said };
}

export function writeJsonLines(clicks: Clicks, draw: Draw): WrittenFile {
  const { names, cellsOf } = tableOf(clicks, draw);
  const lines = clicks.rows.map((row) => {
    if (row.torn) return draw.pick(['{"a":', '[1, 2]', '"text"', '42', '{"a" 1}']);
    const entries = cellsOf(row).map((cell, i) => [
      JSON.stringify(names[i]),
      cell === undefined ? 'null' : JSON.stringify(cell),
    ]);
    return `{${entries.map((entry) => entry.join(': ')).join(', ')}}`;
  });
  return compressed({ name: 'clicks.jsonl', bytes: encode(`${lines.join('\n')}\n`, 'utf-8') }, draw);
}

/** A row of Parquet cannot be torn: it has neither session nor product. */
export function writeParquet(clicks: Clicks, draw: Draw): WrittenFile {
  const { names, cellsOf } = tableOf(clicks, draw);
  const rows = clicks.rows.map((row) => (row.torn ? names.map(() => undefined) : cellsOf(row)));
  const columnData = names.map((name, i) => ({
    name,
    type: 'STRING' as const,
    nullable: true,
    data: rows.map((cells) => cells[i] ?? null),
  }));
  return { name: 'clicks.parquet', bytes: new Uint8Array(parquetWriteBuffer({ columnData })) };
}

/** The columns in any order: they are matched by name. */
function tableOf({ columns, others }: Clicks, draw: Draw) {
  const order = draw.shuffled([
    { name: columns.session, of: (row: Click) => row.session },
    { name: columns.product, of: (row: Click) => row.product },
    { name: columns.position, of: (row: Click) => row.position },
    ...others.map(({ name, cell }) => ({ name, of: () => cell as string | undefined })),
  ]);
  return { names: order.map(({ name }) => name), cellsOf: (row: Click) => order.map((column) => column.of(row)) };
}

function compressed(file: WrittenFile, draw: Draw): WrittenFile {
  switch (draw.below(6)) {
    case 0:
      return { ...file, name: `${file.name}.gz`, bytes: gzipSync(file.bytes) };
    case 1:
      return { ...file, name: `${file.name}.zst`, bytes: zstdCompressSync(file.bytes) };
    default:
      return file;
  }
}

function encode(text: string, encoding: 'utf-8' | 'latin-1' | 'utf-16'): Uint8Array {
  if (encoding === 'utf-8') return new TextEncoder().encode(text);
  return encoding === 'latin-1' ? Buffer.from(text, 'latin1') : Buffer.from(`\ufeff${text}`, 'utf16le');
}
