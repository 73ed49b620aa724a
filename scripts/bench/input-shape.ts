import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { alignColumns } from '../lib/align-columns.ts';
import { trainingRequestOf } from '../lib/training-options.ts';
import { measureProcess, temporaryFolder, type Usage } from './measured-process.ts';
import { atMost, reportResult } from './result.ts';
import { stageArguments } from './stages.ts';

const COLUMNS = [14, 100, 500];
const FILES = [1, 100, 1000];
const FEWEST_COLUMNS = 3;
/** What a cell of the widest table may cost, of what one of a hundred columns costs. */
const MOST_GROWTH = 1.5;
/** A file is opened, copied, hashed and looked at, whatever stands in it. */
const MOST_MS_PER_FILE = 5;

interface Shape {
  label: string;
  columns: number;
  files: number;
}

/** Does the shape of a clickstream cost more than its size? The same rows in more columns, and in more files. */
export async function compareShapes(rowCount: number): Promise<void> {
  const wide = COLUMNS.map((columns): Shape => ({ label: `${columns} columns`, columns, files: 1 }));
  const many = FILES.map((files): Shape => ({ label: `${files} files`, columns: FEWEST_COLUMNS, files }));
  const rows: string[][] = [];
  const usages: Usage[] = [];
  for (const shape of [...wide, ...many]) {
    const { megabytes, usage } = await measure(shape, rowCount);
    usages.push(usage);
    const { seconds, cpuSeconds, peakMb } = usage;
    const figures = [
      megabytes.toFixed(1),
      seconds.toFixed(2),
      cpuSeconds?.toFixed(2) ?? '–',
      peakMb?.toFixed(0) ?? '–',
    ];
    rows.push([shape.label, ...figures]);
  }
  console.log(`${rowCount.toLocaleString('en')} views, in ever more columns and files`);
  console.log(alignColumns([['shape', 'MB', 'seconds', 'CPU seconds', 'peak MiB'], ...rows], [1, 2, 3, 4]).join('\n'));

  const costOf = (i: number) => (usages[i].cpuSeconds ?? usages[i].seconds) / wide[i].columns / rowCount;
  reportResult({
    comparison: `a cell of ${wide[2].label}, beside one of ${wide[1].label}`,
    ours: `${(costOf(2) / costOf(1)).toFixed(2)} × the cost`,
    target: atMost(costOf(2) / costOf(1), MOST_GROWTH, ' × the cost'),
  });
  const [one, , most] = usages.slice(wide.length);
  const msPerFile = (1e3 * (most.seconds - one.seconds)) / (FILES[2] - FILES[0]);
  reportResult({
    comparison: `${rowCount.toLocaleString('en')} views in ${many[2].label}, beside one`,
    ours: `${msPerFile.toFixed(1)} ms a file`,
    target: atMost(msPerFile, MOST_MS_PER_FILE, ' ms a file'),
  });
}

async function measure(
  { label, columns, files }: Shape,
  rowCount: number,
): Promise<{ megabytes: number; usage: Usage }> {
  const folder = temporaryFolder();
  const data = path.join(folder, 'data');
  mkdirSync(data);
  let bytes = 0;
  const header = ['session', 'product', 'seen', ...Array.from({ length: columns - FEWEST_COLUMNS }, (_, c) => `c${c}`)];
  for (let file = 0; file < files; file++) {
    const [from, to] = [Math.floor((rowCount * file) / files), Math.floor((rowCount * (file + 1)) / files)];
    const lines = [header.join()];
    for (let row = from; row < to; row++) lines.push(lineOf(row, columns));
    const text = Buffer.from(`${lines.join('\n')}\n`);
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
  const usage = await measureProcess(
    process.execPath,
    stageArguments(['ingest', 'sequence'], path.join(folder, 'workspace'), event),
    'See its own message.',
  );
  rmSync(folder, { recursive: true });
  return { megabytes: bytes / 1e6, usage };
}

/** Sessions of five views, a minute apart; the surplus columns hold small numbers. */
function lineOf(row: number, columns: number): string {
  const session = Math.floor(row / 5);
  const seen = new Date(Date.UTC(2020, 0, 1) + row * 60_000).toISOString();
  const surplus = Array.from({ length: columns - FEWEST_COLUMNS }, (_, c) => (row * 7 + c) % 100);
  return [`s${session}`, `p${(session * 3 + (row % 5)) % 2_000}`, seen, ...surplus].join();
}
