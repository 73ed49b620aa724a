import { type Clicks, drawClicks, expectedSequences } from './clicks.ts';
import { DAMAGE } from './damage.ts';
import { Draw } from './draw.ts';
import { type WrittenFile, writeCsv, writeJsonLines, writeParquet } from './files.ts';
import { HOSTILE } from './hostile.ts';

export interface Case {
  kind: string;
  files: WrittenFile[];
  /** Without its source. */
  request: Record<string, unknown>;
  /** Known beforehand where nobody damaged the file. */
  expected?: { rows: number; usableRows: number; sequences: Map<string, string[]> };
}

/** One share each: as many cases of damage and of hostility as of clicks in each form. */
const FORMS = [
  'CSV',
  'CSV in Latin-1',
  'CSV in UTF-16',
  'JSON Lines',
  'Parquet',
  'several files',
  'damaged',
  'damaged',
  'hostile',
  'hostile',
] as const;

/** The same seed makes the same case. */
export function drawCase(seed: number): Case {
  const draw = new Draw(seed);
  const form = draw.pick(FORMS);
  if (form === 'hostile') return hostileCase(draw);
  if (form === 'damaged') {
    const [damage, apply] = draw.pick(Object.entries(DAMAGE));
    const whole = soundCase(draw, draw.pick(['CSV', 'JSON Lines', 'Parquet']));
    const files = whole.files.map((file) => ({ ...file, bytes: apply(file.bytes, draw) }));
    return { kind: `damaged: ${damage}`, files, request: whole.request };
  }
  return soundCase(draw, form);
}

function soundCase(draw: Draw, form: string): Case {
  const clicks = drawClicks(draw, form === 'CSV in Latin-1' ? 'latin-1' : 'any');
  const files = form === 'several files' ? writeSeveral(clicks, draw) : [writeOne(clicks, draw, form)];
  return {
    kind: form,
    files,
    request: { ...requestOf(clicks), ...(files[0].encoding !== undefined && { encoding: files[0].encoding }) },
    expected: {
      rows: clicks.rows.length,
      usableRows: clicks.rows.filter(({ usable }) => usable).length,
      sequences: expectedSequences(clicks),
    },
  };
}

function writeOne(clicks: Clicks, draw: Draw, form: string): WrittenFile {
  switch (form) {
    case 'JSON Lines':
      return writeJsonLines(clicks, draw);
    case 'Parquet':
      return writeParquet(clicks, draw);
    case 'CSV in Latin-1':
      return writeCsv(clicks, draw, 'latin-1');
    case 'CSV in UTF-16':
      return writeCsv(clicks, draw, 'utf-16');
    default:
      return writeCsv(clicks, draw);
  }
}

function writeSeveral(clicks: Clicks, draw: Draw): WrittenFile[] {
  const write = draw.pick([writeCsv, writeJsonLines]);
  const parts = draw.between(2, 4);
  const size = Math.ceil(clicks.rows.length / parts);
  return draw
    .list(parts, (part) => clicks.rows.slice(part * size, (part + 1) * size))
    .filter((rows) => rows.length > 0)
    .map((rows, part) => {
      const file = write({ ...clicks, rows }, draw);
      return { ...file, name: `part-${part}-${file.name}` };
    });
}

function hostileCase(draw: Draw): Case {
  const [kind, make] = draw.pick(Object.entries(HOSTILE));
  const position = kind === 'extreme times' ? { time: ['o'] } : { order: 'o' };
  return {
    kind: `hostile: ${kind}`,
    files: [make(draw)],
    request: { columns: { session: 's', product: 'p', ...position } },
  };
}

function requestOf({ columns, positionIs }: Clicks): Record<string, unknown> {
  const { session, product, position } = columns;
  return { columns: { session, product, ...(positionIs === 'order' ? { order: position } : { time: [position] }) } };
}
