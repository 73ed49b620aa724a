import type { Draw } from './draw.ts';

/** A view as it will be written. `undefined`: the cell is missing. */
export interface Click {
  session: string | undefined;
  product: string | undefined;
  /** Of the view in its session, as text: a number, or a time. */
  position: string | undefined;
  /** The row cannot be read as a row at all: in a CSV file it has too many or too few cells, in JSON Lines it is no object. */
  torn: boolean;
  /** Said beforehand, by what the generator put in, not by reading it again. */
  usable: boolean;
}

export interface Clicks {
  rows: Click[];
  columns: { session: string; product: string; position: string };
  /** What the position holds. */
  positionIs: 'order' | 'time';
  /** Columns that nobody asked for, and the same cell in each row. */
  others: { name: string; cell: string }[];
}

/** In the alphabet of every encoding that is written. */
const PLAIN_IDS = ['A13', '007', '7', 'shoe red', "O'Neill", 'a"b', 'a,b', 'x;y', 'p|q', 'é', '-1', '#', '=1+1'];
const NAMES_OF_OBJECTS = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
const SQL = ["'; DROP TABLE clicks; --", '" OR 1=1', '$1', '%s', '@x', ':name'];
const WIDE_IDS = ['日本語', '😀', 'مرحبا', 'ё', '\u200bzero', 'a\u0301', '𝒳'];
const SPACES = [' ', '\t', '\u00a0', '\r'];
const NOT_NUMBERS = ['x', 'NaN', 'inf', '1e999', '--1', '1 2', ''];
const NOT_TIMES = ['yesterday', '2026-13-45', 'inf', ''];

/** Names that SQL, JavaScript or the product's own tables use. */
const COLUMN_NAMES = [
  'session',
  'Session ID',
  'select',
  'rowid',
  'file_row_number',
  'a.b',
  'a"b',
  "it's",
  '__proto__',
  'Größe',
  'x y',
  '1',
  'line',
  'content',
  'position',
  'filename',
  'views',
];

export function drawClicks(draw: Draw, alphabet: 'latin-1' | 'any'): Clicks {
  const names = drawNames(draw, draw.chance(0.1) ? draw.between(4, 120) : draw.between(3, 8));
  const [session, product, position, ...rest] = names;
  const positionIs = draw.chance(0.7) ? 'order' : 'time';
  const sessionIds = drawIds(draw, draw.between(1, 30), 's', alphabet);
  const productIds = drawIds(draw, draw.between(1, 20), 'p', alphabet);
  const faultRate = draw.pick([0, 0, 0.05, 0.5]);
  const rows = draw.list(draw.between(1, draw.chance(0.05) ? 3_000 : 120), (i): Click => {
    const good: Click = {
      session: dress(draw, draw.pick(sessionIds)),
      product: dress(draw, draw.pick(productIds)),
      position: positionIs === 'order' ? drawNumber(draw, i) : drawTime(draw, i),
      torn: false,
      usable: true,
    };
    return draw.chance(faultRate) ? { ...good, ...drawFault(draw, positionIs), usable: false } : good;
  });
  return {
    rows,
    columns: { session, product, position },
    positionIs,
    others: rest.map((name) => ({ name, cell: draw.pick(['', '1', 'x', 'a "quoted" cell', '2026-01-01']) })),
  };
}

function drawNames(draw: Draw, count: number): string[] {
  const known = draw.shuffled(COLUMN_NAMES);
  // DuckDB's names are equal but for case.
  return draw.list(count, (i) => (draw.chance(0.5) && i < known.length ? known[i] : `column ${i}`));
}

function drawIds(draw: Draw, count: number, prefix: string, alphabet: 'latin-1' | 'any'): string[] {
  const pool = [...PLAIN_IDS, ...NAMES_OF_OBJECTS, ...SQL, ...(alphabet === 'any' ? WIDE_IDS : [])];
  return draw.list(count, (i) => {
    if (draw.chance(0.02)) return `${prefix}${i}`.padEnd(2_000, 'x');
    return draw.chance(0.4) ? draw.pick(pool) : `${prefix}${i}`;
  });
}

/** With spaces around it, it is the same id. */
function dress(draw: Draw, id: string): string {
  return draw.chance(0.05) ? `${draw.pick(SPACES)}${id}${draw.pick(SPACES)}` : id;
}

function drawNumber(draw: Draw, i: number): string {
  return draw.chance(0.9) ? String(i) : draw.pick([`${i}.5`, `-${i}`, `${i}e0`, `0${i}`]);
}

function drawTime(draw: Draw, i: number): string {
  const time = new Date(Date.UTC(2026, 0, 1) + i * 1_000).toISOString();
  return draw.pick([time, time.slice(0, 19).replace('T', ' ')]);
}

function drawFault(draw: Draw, positionIs: Clicks['positionIs']): Partial<Click> {
  const empty = draw.pick(['', undefined, ...SPACES]);
  switch (draw.below(4)) {
    case 0:
      return { session: empty };
    case 1:
      return { product: empty };
    case 2:
      return { position: draw.pick(positionIs === 'order' ? NOT_NUMBERS : NOT_TIMES) };
    default:
      return { torn: true };
  }
}

/** What the usable rows must become, grouped and sorted apart from the product: session → products, repeats collapsed. */
export function expectedSequences({ rows, positionIs }: Clicks): Map<string, string[]> {
  const sessions = new Map<string, { at: number; product: string }[]>();
  for (const { session, product, position, usable } of rows) {
    if (!usable) continue;
    const at =
      positionIs === 'order' ? Number(position) : Date.parse(`${position!.replace(' ', 'T').replace('Z', '')}Z`);
    const id = session!.trim();
    sessions.set(id, [...(sessions.get(id) ?? []), { at, product: product!.trim() }]);
  }
  const sequences = new Map<string, string[]>();
  for (const [session, views] of sessions) {
    if (views.length < 2) continue;
    const products = views.toSorted((a, b) => a.at - b.at).map(({ product }) => product);
    sequences.set(
      session,
      products.filter((product, i) => product !== products[i - 1]),
    );
  }
  return sequences;
}
