/**
 * Does the shape of a clickstream cost more than its size? `ingest` and `sequence` as one process, on the same views in
 * ever more columns, and in ever more files.
 *
 *     node scripts/bench/input-shape.ts [--rows 20000] [--columns 14,100,1000] [--files 1,100,1000]
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { alignColumns } from '../lib/align-columns.ts';
import { trainingRequestOf } from '../lib/training-options.ts';
import { measureProcess, temporaryFolder, type Usage } from './measured-process.ts';
import { atMost, reportResult } from './result.ts';
import { stageArguments } from './stages.ts';

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '20000' },
    columns: { type: 'string', default: '14,100,1000' },
    files: { type: 'string', default: '1,100,1000' },
  },
});
const ROWS = Number(options.rows);
const FEWEST_COLUMNS = 3;
/** Of what a cell costs in a table of a hundred columns. */
const MOST_GROWTH = 1.5;

const folder = temporaryFolder();
const rows: string[][] = [];
const measured: { label: string; cells: number; usage: Usage }[] = [];

for (const columns of options.columns.split(',').map(Number)) await measure(`${columns} columns`, columns, 1);
for (const files of options.files.split(',').map(Number)) await measure(`${files} files`, FEWEST_COLUMNS, files);

console.log(alignColumns([['shape', 'MB', 'seconds', 'CPU seconds', 'peak MiB'], ...rows], [1, 2, 3, 4]).join('\n'));

const [wide, widest] = measured.filter(({ label }) => label.endsWith('columns')).slice(-2);
if (widest !== undefined) {
  const cost = ({ usage, cells }: (typeof measured)[number]) => (usage.cpuSeconds ?? usage.seconds) / cells;
  reportResult({
    comparison: 'ingest and sequence, a cell of the widest table',
    ours: `${(1e6 * cost(widest)).toFixed(2)} CPU s a million`,
    peer: {
      name: `ours in ${wide.label}`,
      figure: `${(1e6 * cost(wide)).toFixed(2)} CPU s a million`,
      ratio: cost(wide) / cost(widest),
    },
    target: atMost(cost(widest) / cost(wide), MOST_GROWTH, ' × the cost'),
  });
}

async function measure(label: string, columns: number, files: number): Promise<void> {
  const data = path.join(folder, 'data');
  mkdirSync(data);
  let bytes = 0;
  const header = ['session', 'product', 'seen', ...Array.from({ length: columns - FEWEST_COLUMNS }, (_, c) => `c${c}`)];
  for (let file = 0; file < files; file++) {
    const [from, to] = [Math.floor((ROWS * file) / files), Math.floor((ROWS * (file + 1)) / files)];
    const lines = [header.join()];
    for (let row = from; row < to; row++) lines.push(lineOf(row, columns));
    const text = `${lines.join('\n')}\n`;
    bytes += text.length;
    writeFileSync(path.join(data, `${String(file).padStart(5, '0')}.csv`), text);
  }
  const request = trainingRequestOf({
    data: [data],
    session: 'session',
    product: 'product',
    time: ['seen'],
    preset: 'layer',
    set: {},
  });
  const event = { execution: { id: `bench:${label}`, startedAt: new Date().toISOString() }, request };
  const workspace = path.join(folder, 'workspace');
  const usage = await measureProcess(
    process.execPath,
    stageArguments(['ingest', 'sequence'], workspace, event),
    'See its own message.',
  );
  rmSync(data, { recursive: true });
  rmSync(workspace, { recursive: true, force: true });
  measured.push({ label, cells: ROWS * columns, usage });
  rows.push([
    label,
    (bytes / 1e6).toFixed(1),
    usage.seconds.toFixed(1),
    usage.cpuSeconds?.toFixed(1) ?? '–',
    usage.peakMb?.toFixed(0) ?? '–',
  ]);
}

/** Sessions of five views, a minute apart; the surplus columns hold small numbers. */
function lineOf(row: number, columns: number): string {
  const session = Math.floor(row / 5);
  const seen = new Date(Date.UTC(2026, 0, 1) + row * 60_000).toISOString();
  const surplus = Array.from({ length: columns - FEWEST_COLUMNS }, (_, c) => (row * 7 + c) % 100);
  return [`s${session}`, `p${(session * 3 + (row % 5)) % 2_000}`, seen, ...surplus].join();
}
