/**
 * From a clickstream file to the seed's sequences, as a process from start to end, beside pandas and polars
 * (`sequences.py`): the e-shop file, generated ones of one, four and twenty million views, the four million in each
 * format, and the same views in more columns and in more files. Rounds alternate; medians, CPU seconds, megabytes a
 * second and peak memory are printed, and all must count the same sequences.
 *
 *     ALIKE_PYTHON=venv/bin/python node scripts/bench/sequences.ts [--data FILE] [--sessions 145000,580000,2900000]
 *       [--products 20000,50000,200000] [--rounds 3] [--peers pandas,polars] [--formats csv.gz,jsonl,parquet] [--shape-rows 200000]
 *
 * Ours are the stages `ingest` and `sequence`: beside what the peers do they check each row, keep the refused ones with
 * their reasons, hash the file, and number sessions and products for the trainer.
 */
import { rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { alignColumns } from '../lib/align-columns.ts';
import { SAMPLE } from '../sample/clickstream.ts';
import { writeClickstream } from '../sample/write-clickstream.ts';
import { FORMATS, type FormatName, writeAs } from './clickstream-formats.ts';
import { compareShapes } from './input-shape.ts';
import { measureProcess, medianUsage, temporaryFolder, type Usage } from './measured-process.ts';
import { missingFromPython, PYTHON, type PythonModule } from './python.ts';
import { atMost, reportResult, SKIPPED_MARK } from './result.ts';
import { lastLine, newRunEvent, stageArguments } from './stages.ts';

const { values: options } = parseArgs({
  options: {
    data: { type: 'string' },
    sessions: { type: 'string', default: '145000,580000,2900000' },
    products: { type: 'string', default: '20000,50000,200000' },
    rounds: { type: 'string', default: '3' },
    peers: { type: 'string', default: 'pandas,polars' },
    formats: { type: 'string', default: FORMATS.join() },
    'shape-rows': { type: 'string', default: '200000' },
  },
});

/** Of polars' time for the largest file. */
const MOST_TIME = 1.5;
const MOST_MB = 2048;
/** What a view of the largest file may cost, of what one of the smallest costs. */
const MOST_GROWTH = 1.3;
/** The size whose views are written in each format: as JSON the largest would take 5 GB. */
const SIZE_OF_FORMATS = 1;

// As many as ours has on a machine of two cores.
process.env['POLARS_MAX_THREADS'] = '2';

interface Counts {
  sequences: number;
  sequenceViews: number;
}
interface Reader {
  name: string;
  command(file: string): string[];
  countsOf(stdout: string): Counts;
}
interface Row extends Required<Usage> {
  name: string;
}

const folder = temporaryFolder();

const ours: Reader = {
  name: 'ours',
  command: (file) => [
    process.execPath,
    ...stageArguments(['ingest', 'sequence'], path.join(folder, 'ours'), newRunEvent(file, 'layer')),
  ],
  countsOf: (stdout) => JSON.parse(lastLine(stdout)).counts,
};
const PEERS: readonly { name: PythonModule; needs: readonly PythonModule[] }[] = [
  { name: 'pandas', needs: ['pandas', 'pyarrow'] },
  { name: 'polars', needs: ['polars'] },
];
const peers = PEERS.flatMap(({ name, needs }): Reader[] => {
  if (!options.peers.split(',').includes(name)) return [];
  const missing = missingFromPython(needs);
  if (missing !== undefined) {
    console.log(`${SKIPPED_MARK}${name}: ${missing}`);
    return [];
  }
  const script = path.join(import.meta.dirname, 'sequences.py');
  return [
    {
      name,
      command: (file) => [PYTHON, script, name, file, path.join(folder, name)],
      countsOf: (stdout) => JSON.parse(lastLine(stdout)),
    },
  ];
});

if (options.data !== undefined) await compare('the e-shop file', options.data, peers);
const products = options.products.split(',').map(Number);
const sizes = options.sessions.split(',').map(Number);
const costs: { views: number; cpuSeconds: number }[] = [];
for (const [i, sessions] of sizes.entries()) {
  const file = path.join(folder, 'clicks.csv');
  await writeClickstream(file, { sessions, products: products[i], seed: SAMPLE.seed });
  const title = `${sessions.toLocaleString('en')} sessions, ${products[i].toLocaleString('en')} products`;
  const { rows, views } = await compare(title, file, peers);
  costs.push({ views, cpuSeconds: rows[0].cpuSeconds });
  if (i === sizes.length - 1) judge(title, rows);
  if (i === Math.min(SIZE_OF_FORMATS, sizes.length - 1)) {
    for (const format of options.formats.split(',').filter((name) => name !== '') as FormatName[]) {
      const other = path.join(folder, `clicks.${format}`);
      await writeAs(format, file, other);
      // pandas takes minutes and the memory of the machine for JSON.
      await compare(
        `${title}, as ${format}`,
        other,
        peers.filter(({ name }) => name === 'polars'),
      );
      rmSync(other);
    }
  }
}
reportGrowth();
await compareShapes(Number(options['shape-rows']));

async function compare(
  title: string,
  file: string,
  others: readonly Reader[],
): Promise<{ rows: Row[]; views: number }> {
  const racers = [ours, ...others].map((reader) => ({ reader, usages: [] as Usage[] }));
  let expected: Counts | undefined;
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const { reader, usages } of racers) {
      const [command, ...args] = reader.command(file);
      const { stdout, ...usage } = await measureProcess(command, args, 'See its own message.');
      rmSync(path.join(folder, reader.name), { recursive: true });
      usages.push(usage);
      const { sequences, sequenceViews } = reader.countsOf(stdout);
      expected ??= { sequences, sequenceViews };
      if (sequences !== expected.sequences || sequenceViews !== expected.sequenceViews) {
        const found = `${sequences} sequences of ${sequenceViews} views`;
        throw new Error(`${reader.name} found ${found}, ours ${expected.sequences} of ${expected.sequenceViews}`);
      }
    }
  }
  const rows = racers.map(({ reader, usages }) => ({ name: reader.name, ...medianUsage(usages) }));
  report(title, statSync(file).size / 1e6, rows);
  return { rows, views: expected!.sequenceViews };
}

function report(title: string, megabytes: number, rows: readonly Row[]): void {
  console.log(`${title}: ${megabytes.toFixed(0)} MB`);
  const cells = rows.map(({ name, seconds, cpuSeconds, peakMb }) => [
    name,
    seconds.toFixed(2),
    cpuSeconds.toFixed(2),
    (megabytes / seconds).toFixed(1),
    peakMb.toFixed(0),
  ]);
  const header = ['', 'seconds', 'CPU seconds', 'MB/s', 'peak MiB'];
  console.log(`${alignColumns([header, ...cells], [1, 2, 3, 4]).join('\n')}\n`);

  const [own, ...others] = rows;
  for (const other of others) {
    reportResult({
      comparison: `file to sequences, ${title} (${megabytes.toFixed(0)} MB)`,
      ours: `${own.seconds.toFixed(2)} s`,
      peakMb: own.peakMb,
      peer: {
        name: other.name,
        figure: `${other.seconds.toFixed(2)} s`,
        ratio: other.seconds / own.seconds,
        peakMb: other.peakMb,
      },
    });
  }
}

/** The targets of the largest file. */
function judge(title: string, [own, ...others]: readonly Row[]): void {
  const comparison = `file to sequences, ${title}`;
  reportResult({ comparison, ours: `${own.peakMb.toFixed(0)} MiB`, target: atMost(own.peakMb, MOST_MB, ' MiB') });
  const polars = others.find(({ name }) => name === 'polars');
  if (polars === undefined) return;
  const times = own.seconds / polars.seconds;
  reportResult({
    comparison,
    ours: `${times.toFixed(2)} × the time of polars`,
    target: atMost(times, MOST_TIME, ' × the time'),
  });
}

function reportGrowth(): void {
  const costOf = ({ views, cpuSeconds }: (typeof costs)[number]) => (1e6 * cpuSeconds) / views;
  console.log('CPU seconds a million views in sequences, by size');
  for (const cost of costs) console.log(`${cost.views.toLocaleString('en').padStart(12)}  ${costOf(cost).toFixed(2)}`);
  console.log('');
  if (costs.length < 2) return;
  const growth = costOf(costs[costs.length - 1]) / costOf(costs[0]);
  reportResult({
    comparison: `a view of ${costs[costs.length - 1].views.toLocaleString('en')}, beside one of ${costs[0].views.toLocaleString('en')}`,
    ours: `${growth.toFixed(2)} × the cost`,
    target: atMost(growth, MOST_GROWTH, ' × the cost'),
  });
}
