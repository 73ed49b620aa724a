/**
 * A whole run on a large made-up clickstream, from the file to the published index: each stage in a process of its own,
 * as in Lambda, then all of them in one process. Prints each stage's time and peak memory and what that costs in Lambda.
 *
 *     node scripts/bench/large-run.ts [--sessions 2900000] [--products 200000] [--preset layer] [--data FILE]
 *
 * 2,900,000 sessions are about 20 million views. `--data` takes a file of `npm run sample` that is there already.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { stageRecordKey } from '../../engine/artifacts/artifact-keys.ts';
import { stageRecordSchema } from '../../engine/artifacts/stage-record.ts';
import { PIPELINE, type Stage } from '../../lambdas/pipeline.ts';
import { readJsonArtifact } from '../../lambdas/shared/store/json-artifact.ts';
import { openArtifactStore } from '../../lambdas/shared/store/open-artifact-store.ts';
import { alignColumns } from '../lib/align-columns.ts';
import type { TrainingSummary } from '../lib/train-locally.ts';
import { workspaceUri } from '../lib/workspace.ts';
import { SAMPLE } from '../sample/clickstream.ts';
import { writeClickstream } from '../sample/write-clickstream.ts';
import { measureProcess } from './measured-process.ts';
import { atMost, reportResult } from './result.ts';
import { lastLine, newRunEvent, type StageMeasurement, stageArguments } from './stages.ts';

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

const folder = mkdtempSync(path.join(tmpdir(), 'alike-large-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const data = options.data ?? path.join(folder, 'sample.csv');
if (options.data === undefined) {
  const size = { sessions: Number(options.sessions), products: Number(options.products), seed: SAMPLE.seed };
  await writeClickstream(data, size);
}
const megabytes = (statSync(data).size / 1e6).toFixed(0);
console.log(`${data}: ${megabytes} MB, preset ${options.preset}\n`);

/** @returns the last line that it wrote to stdout. */
async function answerOf(args: readonly string[]): Promise<string> {
  const { stdout } = await measureProcess(process.execPath, args, 'See its own message.');
  return lastLine(stdout);
}

interface StageRun {
  stage: Stage;
  item: string | undefined;
  measured: StageMeasurement;
}

async function runStages(workspace: string): Promise<StageRun[]> {
  const event = newRunEvent(data, options.preset);
  const done: StageRun[] = [];
  for (const stage of PIPELINE) {
    const list = done.find((earlier) => earlier.stage.name === stage.forEachItemOf)?.measured.result.items;
    for (const item of stage.forEachItemOf === undefined ? [undefined] : (list ?? [])) {
      const args = stageArguments([stage.name], workspace, { ...event, item });
      const measured: StageMeasurement = JSON.parse(await answerOf(args));
      done.push({ stage, item, measured });
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
  measured.cpuSeconds.toFixed(1),
  String(measured.peakResidentMb),
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
const summary: TrainingSummary = JSON.parse(await answerOf([path.join(import.meta.dirname, '../train.ts'), ...train]));
const store = await openArtifactStore(workspaceUri(workspace));
const publish = await readJsonArtifact(store, stageRecordKey(summary.runId, 'publish'), stageRecordSchema);
const byStage = Object.entries(summary.stages).map(([name, { seconds }]) => `${name} ${seconds.toFixed(1)}`);
console.log(
  `\nAll in one process: ${summary.seconds.toFixed(1)} s (${byStage.join(', ')}), peak ${publish?.peakResidentMb} MiB`,
);
if (publish?.peakResidentMb !== undefined) {
  reportResult({
    comparison: `whole run on a file of ${megabytes} MB, preset ${options.preset}, ${summary.seconds.toFixed(0)} s in one process`,
    ours: `${publish.peakResidentMb} MiB`,
    target: atMost(publish.peakResidentMb, MOST_MEMORY_MB, ' MiB'),
  });
}
