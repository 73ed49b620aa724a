/**
 * Does cost grow in proportion to the clickstream? A whole training run, file to published model, as a process, on
 * made-up clickstreams of one shop that are ever four times as large: preset `tuned` without trying other settings.
 *
 *     node scripts/bench/scaling.ts [--events 250000,1000000,4000000] [--products 20000]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { alignColumns } from '../lib/align-columns.ts';
import { SAMPLE } from '../sample/clickstream.ts';
import { writeClickstream } from '../sample/write-clickstream.ts';
import { measureProcess } from './measured-process.ts';
import { atMost, reportResult } from './result.ts';

const { values: options } = parseArgs({
  options: {
    events: { type: 'string', default: '250000,1000000,4000000' },
    products: { type: 'string', default: '20000' },
  },
});
const EVENTS_PER_SESSION = 6.9;
/** What an event may cost beside one of the smallest clickstream, where starting weighs most. */
const MOST_GROWTH = 1.2;

const folder = mkdtempSync(path.join(tmpdir(), 'alike-scaling-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const runs = [];
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
  runs.push({ events, ...usage, perMillion: usage.seconds / (events / 1e6) });
}

const rows = runs.map(({ events, seconds, cpuSeconds, perMillion, peakMb }) => [
  events.toLocaleString('en'),
  seconds.toFixed(1),
  cpuSeconds?.toFixed(1) ?? '–',
  perMillion.toFixed(1),
  cpuSeconds === undefined ? '–' : (cpuSeconds / (events / 1e6)).toFixed(1),
  peakMb?.toFixed(0) ?? '–',
]);
const header = ['events', 'seconds', 'CPU seconds', 's per million', 'CPU s per million', 'peak MiB'];
console.log(alignColumns([header, ...rows], [0, 1, 2, 3, 4, 5]).join('\n'));

for (const [i, { events, perMillion }] of runs.entries()) {
  const growth = perMillion / runs[0].perMillion;
  reportResult({
    comparison: `whole run on ${events.toLocaleString('en')} events`,
    ours: `${perMillion.toFixed(1)} s/million`,
    ...(i > 0 && {
      peer: {
        name: `ours on ${runs[0].events.toLocaleString('en')}`,
        figure: `${runs[0].perMillion.toFixed(1)} s/million`,
        ratio: 1 / growth,
      },
      target: atMost(growth, MOST_GROWTH, ' × the cost of an event'),
    }),
  });
}
