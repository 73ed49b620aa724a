/**
 * From a clickstream file to the seed's sequences, as a process from start to end, beside pandas and polars
 * (`sequences.py`): the e-shop file, a generated one of a million views and one of twenty million. Rounds alternate;
 * medians, megabytes a second and peak memory are printed, and all must count the same sequences.
 *
 *     ALIKE_PYTHON=venv/bin/python node scripts/bench/sequences.ts [--data FILE] [--sessions 145000,2900000]
 *       [--products 20000,200000] [--rounds 3]
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
import { measureProcess, medianUsage, temporaryFolder, type Usage } from './measured-process.ts';
import { missingFromPython, PYTHON, type PythonModule } from './python.ts';
import { reportResult, SKIPPED_MARK } from './result.ts';
import { lastLine, newRunEvent, stageArguments } from './stages.ts';

const { values: options } = parseArgs({
  options: {
    data: { type: 'string' },
    sessions: { type: 'string', default: '145000,2900000' },
    products: { type: 'string', default: '20000,200000' },
    rounds: { type: 'string', default: '3' },
  },
});

interface Counts {
  sequences: number;
  sequenceViews: number;
}
interface Reader {
  name: string;
  command(file: string): string[];
  countsOf(stdout: string): Counts;
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

if (options.data !== undefined) await compare('the e-shop file', options.data);
const products = options.products.split(',').map(Number);
for (const [i, sessions] of options.sessions.split(',').map(Number).entries()) {
  const file = path.join(folder, 'clicks.csv');
  await writeClickstream(file, { sessions, products: products[i], seed: SAMPLE.seed });
  await compare(`${sessions.toLocaleString('en')} sessions, ${products[i].toLocaleString('en')} products`, file);
}

async function compare(title: string, file: string): Promise<void> {
  const racers = [ours, ...peers].map((reader) => ({ reader, usages: [] as Usage[] }));
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
  report(title, statSync(file).size / 1e6, racers);
}

function report(title: string, megabytes: number, racers: { reader: Reader; usages: Usage[] }[]): void {
  const rows = racers.map(({ reader, usages }) => ({
    name: reader.name,
    ...medianUsage(usages),
  }));
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
