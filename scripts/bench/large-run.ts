/**
 * A whole run on a large made-up clickstream, from the file to the published index: each stage in a process of its own,
 * as in Lambda, then all of them in one process. Prints each stage's time and peak memory and what that costs in Lambda.
 *
 *     node scripts/bench/large-run.ts [--sessions 2900000] [--products 200000] [--preset layer] [--data FILE]
 *
 * 2,900,000 sessions are about 20 million views. `--data` takes a file of `npm run sample` that is there already.
 */
import { statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { StageResult } from '../../engine/artifacts/stage-record.ts';
import { PIPELINE, type Stage } from '../../lambdas/pipeline.ts';
import { alignColumns } from '../lib/align-columns.ts';
import type { TrainingSummary } from '../lib/train-locally.ts';
import { SAMPLE } from '../sample/clickstream.ts';
import { writeClickstream } from '../sample/write-clickstream.ts';
import { measureProcess, temporaryFolder, type Usage } from './measured-process.ts';
import { atMost, reportResult } from './result.ts';
import { lastLine, newRunEvent, stageArguments } from './stages.ts';

/** us-east-1, first tier (AWS price list, November 2026). */
const USD_PER_GB_SECOND = { x86: 0.000_016_666_7, arm64: 0.000_013_333_4 };
const USD_PER_REQUEST = 0.2 / 1e6;

const MOST_MEMORY_MB = 3_072;

const { values: options } = parseArgs({
  options: {
    sessions: { type: 'string', default: '2900000' },
    products: { type: 'string', default: '200000' },
    preset: { type: 'string', default: 'layer' },
    data: { type: 'string' },
  },
});

const folder = temporaryFolder();
const data = options.data ?? path.join(folder, 'sample.csv');
if (options.data === undefined) {
  const size = { sessions: Number(options.sessions), products: Number(options.products), seed: SAMPLE.seed };
  await writeClickstream(data, size);
}
const megabytes = (statSync(data).size / 1e6).toFixed(0);
console.log(`${data}: ${megabytes} MB, preset ${options.preset}\n`);

/** @returns what it took, and the JSON in the last line that it wrote to stdout. */
async function measureNode<Answer>(args: readonly string[]): Promise<Usage & { answer: Answer }> {
  const { stdout, ...usage } = await measureProcess(process.execPath, args, 'See its own message.');
  return { ...usage, answer: JSON.parse(lastLine(stdout)) };
}

/** An invocation as a process of its own: with the start of Node, which Lambda bills too. */
interface StageRun {
  stage: Stage;
  item: string | undefined;
  measured: Usage & { answer: StageResult };
}

async function runStages(workspace: string): Promise<StageRun[]> {
  const event = newRunEvent(data, options.preset);
  const done: StageRun[] = [];
  for (const stage of PIPELINE) {
    const list = done.find((earlier) => earlier.stage.name === stage.forEachItemOf)?.measured.answer.items;
    for (const item of stage.forEachItemOf === undefined ? [undefined] : (list ?? [])) {
      const args = stageArguments([stage.name], workspace, { ...event, item });
      done.push({ stage, item, measured: await measureNode(args) });
    }
  }
  return done;
}

const stages = await runStages(path.join(folder, 'stages'));
const rows = stages.map(({ stage, item, measured }) => {
  const gbSeconds = measured.seconds * (stage.memoryMb / 1024);
  return { name: item ?? stage.name, stage, measured, gbSeconds };
});
const gbSecondsInAll = rows.reduce((sum, row) => sum + row.gbSeconds, 0);
const cells = rows.map(({ name, stage, measured, gbSeconds }) => [
  name,
  measured.seconds.toFixed(1),
  measured.cpuSeconds?.toFixed(1) ?? '–',
  measured.peakMb?.toFixed(0) ?? '–',
  String(stage.memoryMb),
  gbSeconds.toFixed(1),
]);
const table = [['stage', 'seconds', 'CPU seconds', 'peak MiB', 'Lambda MB', 'GB-seconds'], ...cells];
console.log(alignColumns(table, [1, 2, 3, 4, 5]).join('\n'));

console.log('\nIn Lambda (a vCPU there is not this CPU: scale the seconds by what your account shows)');
for (const [architecture, price] of Object.entries(USD_PER_GB_SECOND)) {
  const usd = gbSecondsInAll * price + rows.length * USD_PER_REQUEST;
  console.log(
    `  ${architecture.padEnd(5)} ${gbSecondsInAll.toFixed(1)} GB-s × $${price.toFixed(10)} + ${rows.length} requests × $${USD_PER_REQUEST.toFixed(7)} = $${usd.toFixed(4)}`,
  );
}

const workspace = path.join(folder, 'whole');
const train = ['--data', data, '--format', 'eshop', '--preset', options.preset, '--workspace', workspace, '--json'];
const trainScript = path.join(import.meta.dirname, '../train.ts');
const { answer: summary, peakMb } = await measureNode<TrainingSummary>([trainScript, ...train]);
const byStage = Object.entries(summary.stages).map(([name, { seconds }]) => `${name} ${seconds.toFixed(1)}`);
const peak = peakMb === undefined ? 'unknown' : `${peakMb.toFixed(0)} MiB`;
console.log(`\nAll in one process: ${summary.seconds.toFixed(1)} s (${byStage.join(', ')}), peak ${peak}`);
if (peakMb !== undefined) {
  reportResult({
    comparison: `whole run on a file of ${megabytes} MB, preset ${options.preset}, ${summary.seconds.toFixed(0)} s in one process`,
    ours: peak,
    target: atMost(peakMb, MOST_MEMORY_MB, ' MiB'),
  });
}
