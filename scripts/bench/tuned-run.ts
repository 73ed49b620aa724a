/**
 * A whole run with the default preset, as a person starts it: the seconds of each stage, seconds and CPU seconds in all,
 * and how many cores were busy on average. On the e-shop file, and on made-up shops in its columns.
 *
 *     node scripts/bench/tuned-run.ts [--data FILE] [--sizes 70400x17000]
 *
 * Sizes are sessions x products; 70,400 sessions are about 486,000 views.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { findEshopFile } from '../data/eshop-file.ts';
import { alignColumns } from '../lib/align-columns.ts';
import type { TrainingSummary } from '../lib/train-locally.ts';
import { SAMPLE } from '../sample/clickstream.ts';
import { writeClickstream } from '../sample/write-clickstream.ts';
import { measureProcess, temporaryFolder } from './measured-process.ts';
import { atMost, reportResult } from './result.ts';
import { lastLine } from './stages.ts';

const MOST_SECONDS = { eshop: 8, '70400x17000': 25 };

const { values: options } = parseArgs({
  options: {
    data: { type: 'string', default: findEshopFile() ?? '' },
    sizes: { type: 'string', default: '70400x17000' },
  },
});
const folder = temporaryFolder();
const table = [['shop', 'seconds', 'CPU seconds', 'cores busy', 'peak MiB', 'seconds of the stages']];
if (options.data !== '') await measureRun('eshop', options.data);
for (const size of options.sizes.split(',').filter((text) => text !== '')) {
  const [sessions, products] = size.split('x').map(Number);
  const file = path.join(folder, `${size}.csv`);
  await writeClickstream(file, { sessions, products, seed: SAMPLE.seed });
  await measureRun(size, file);
}
console.log(alignColumns(table, [1, 2, 3, 4]).join('\n'));

async function measureRun(shop: string, data: string): Promise<void> {
  const train = path.join(import.meta.dirname, '../train.ts');
  const args = [train, '--data', data, '--format', 'eshop', '--workspace', path.join(folder, shop), '--json'];
  const {
    stdout,
    seconds,
    cpuSeconds = Number.NaN,
    peakMb,
  } = await measureProcess(process.execPath, args, 'See above.');
  const { stages } = JSON.parse(lastLine(stdout)) as TrainingSummary;
  const each = Object.entries(stages).map(([name, stage]) => `${name} ${stage.seconds.toFixed(1)}`);
  const figures = [seconds, cpuSeconds, cpuSeconds / seconds].map((figure) => figure.toFixed(1));
  table.push([shop, ...figures, peakMb?.toFixed(0) ?? '–', each.join(', ')]);
  const most = Object.hasOwn(MOST_SECONDS, shop) ? MOST_SECONDS[shop as keyof typeof MOST_SECONDS] : undefined;
  reportResult({
    comparison: `whole run of preset tuned, ${shop}`,
    ours: `${seconds.toFixed(1)} s`,
    ...(peakMb !== undefined && { peakMb }),
    ...(most !== undefined && { target: atMost(seconds, most, ' s') }),
  });
}
