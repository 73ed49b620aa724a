/**
 * Does cost grow in proportion to the clickstream? A whole training run, file to published model, as a process, on
 * made-up clickstreams of one shop that are ever four times as large: preset `tuned` without trying other settings.
 *
 *     node scripts/bench/scaling.ts [--events 250000,1000000,4000000] [--products 20000]
 */
import { rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { alignColumns } from '../lib/align-columns.ts';
import { SAMPLE } from '../sample/clickstream.ts';
import { writeClickstream } from '../sample/write-clickstream.ts';
import { measureProcess, temporaryFolder, type Usage } from './measured-process.ts';
import { atMost, reportResult } from './result.ts';

const { values: options } = parseArgs({
  options: {
    events: { type: 'string', default: '250000,1000000,4000000' },
    products: { type: 'string', default: '20000' },
  },
});
const EVENTS_PER_SESSION = 6.9;
/** Of what a further million of events costs, at the large end beside the small one. */
const MOST_GROWTH = 1.2;

const folder = temporaryFolder();

const runs: ({ events: number } & Usage)[] = [];
for (const events of options.events.split(',').map(Number)) {
  const data = path.join(folder, `${events}.csv`);
  const sessions = Math.round(events / EVENTS_PER_SESSION);
  await writeClickstream(data, { sessions, products: Number(options.products), seed: SAMPLE.seed });
  const usage = await measureProcess(
    process.execPath,
    [
      path.join(import.meta.dirname, '../train.ts'),
      ...['--data', data, '--format', 'eshop', '--workspace', path.join(folder, `${events}`)],
      ...['--preset', 'tuned', '--set', 'backtest=false'],
    ],
    'See its own message.',
  );
  rmSync(data);
  runs.push({ events, ...usage });
}

/** What a machine that does something else as well cannot falsify, where it is known. */
const cost = ({ seconds, cpuSeconds }: Usage) => cpuSeconds ?? seconds;
/** Of each further million of events: free of what every run takes, however small. */
const perFurtherMillion = runs
  .slice(1)
  .map((run, i) => (cost(run) - cost(runs[i])) / ((run.events - runs[i].events) / 1e6));

const rows = runs.map(({ events, seconds, cpuSeconds, peakMb }, i) => [
  events.toLocaleString('en'),
  seconds.toFixed(1),
  cpuSeconds?.toFixed(1) ?? '–',
  (seconds / (events / 1e6)).toFixed(1),
  perFurtherMillion[i - 1]?.toFixed(1) ?? '',
  peakMb?.toFixed(0) ?? '–',
]);
const header = ['events', 'seconds', 'CPU seconds', 's per million', 'CPU s per further million', 'peak MiB'];
console.log(alignColumns([header, ...rows], [0, 1, 2, 3, 4, 5]).join('\n'));

if (runs.length > 2) {
  const [first, last] = [perFurtherMillion[0], perFurtherMillion.at(-1)!];
  const [small, large] = [runs[1].events, runs.at(-1)!.events].map((events) => events.toLocaleString('en'));
  reportResult({
    comparison: `whole run, a further million of events up to ${large}`,
    ours: `${last.toFixed(1)} CPU s`,
    peer: { name: `ours up to ${small}`, figure: `${first.toFixed(1)} CPU s`, ratio: first / last },
    target: atMost(last / first, MOST_GROWTH, ' × the cost'),
  });
}
