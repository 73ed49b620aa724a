import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type ArtifactName,
  artifactKey,
  CURRENT_KEY,
  stageRecordKey,
  trialKey,
} from '../../engine/artifacts/artifact-keys.ts';
import type { StageResult } from '../../engine/artifacts/stage-record.ts';
import { ArtifactError } from '../../engine/errors.ts';
import { randomInteger, seededRandom } from '../../engine/numeric/random.ts';
import { decodeServingIndex, encodeServingIndex } from '../../engine/serving-index/serving-index-file.ts';
import { PIPELINE, type StageName } from '../../lambdas/pipeline.ts';
import { ModelCache } from '../../lambdas/recommend/model-cache.ts';
import { runIdOf } from '../../lambdas/shared/runs/run-id.ts';
import { serveWorkspace } from '../../scripts/lib/serve-workspace.ts';
import { runScript } from '../support/run-script.ts';
import { catalogueOfClicks, encodedCatalogue, uploadCatalogue } from '../support/sample-catalogue.ts';
import { newExecution, openStages, type Stages } from '../support/stages.ts';
import { isShort, SEED, tally } from './support/tally.ts';
import { REQUEST, runStages, sampleClicks } from './support/trained-runs.ts';

/** Of one artifact. */
const FLIPS = isShort ? 6 : 60;
const CUTS = isShort ? 3 : 15;
/** A flip in each is cheap. */
const INDEX_FLIPS = isShort ? 200 : 2_000;

type Damage = 'a bit flipped' | 'cut short' | "another run's";

const random = seededRandom(SEED);
const older = newExecution('2026-11-23T10:00:00.000Z');
const newer = newExecution('2026-11-23T11:00:00.000Z');
const [olderId, newerId] = [older, newer].map(runIdOf);
let stages: Stages;

beforeAll(async () => {
  stages = await openStages();
  const clicks = await sampleClicks(stages.folder);
  await stages.upload('raw/clicks.csv', clicks);
  await uploadCatalogue(stages, encodedCatalogue(catalogueOfClicks(clicks.toString())));
  for (const [seed, execution] of [older, newer].entries()) {
    await runStages(execution, (stage, _, item) => invoke(stage, execution, item, seed + 1));
  }
});
afterAll(() => stages.close());

const invoke = (stage: StageName, execution: typeof older, item: string | undefined, seed = 2) => {
  const request = { ...REQUEST, settings: { ...REQUEST.settings, seed } };
  return stages.invoke(stage, { execution, request, ...(item !== undefined && { item }) }) as Promise<StageResult>;
};
const pathOf = (key: string) => join(stages.folder, key);

test('what a stage reads of its run is refused when it is not what was written', async () => {
  const seen = new Map<Damage, { injected: number; refused: number }>();
  const lost: string[] = [];
  for (const { name: stage, reads, forEachItemOf } of PIPELINE) {
    const item = forEachItemOf === undefined ? undefined : 'candidate-1';
    for (const artifact of ['request' as const, ...reads]) {
      if (
        artifact === 'raw' ||
        artifact === 'current' ||
        artifact === 'current-catalogue' ||
        artifact === 'catalogue' ||
        isOfLiveRun(stage, artifact)
      )
        continue;
      // The first stage writes it: without its record nothing is known of it.
      if (artifact === 'request' && stage === PIPELINE[0].name) continue;
      const key = artifact === 'trials' ? trialKey(newerId, 'candidate-1') : artifactKey(newerId, artifact);
      const whole = await readFile(pathOf(key));
      for (const { damage, bytes } of await damagesOf(whole, key)) {
        const row = seen.get(damage) ?? { injected: 0, refused: 0 };
        seen.set(damage, row);
        row.injected++;
        const recordPath = pathOf(stageRecordKey(newerId, stage, item));
        const record = await readFile(recordPath);
        await stages.store.delete(stageRecordKey(newerId, stage, item));
        await writeFile(pathOf(key), bytes);
        const outcome: unknown = await invoke(stage, newer, item).catch((error: unknown) => error);
        await writeFile(pathOf(key), whole);
        await writeFile(recordPath, record);
        if (outcome instanceof ArtifactError && outcome.message.includes(key)) row.refused++;
        else lost.push(`${stage} took ${key}, ${damage}: ${outcome instanceof Error ? outcome.stack : 'it succeeded'}`);
      }
    }
  }
  for (const [damage, { injected, refused }] of seen) {
    tally({
      fault: `artifact of a run: ${damage}`,
      injected,
      survived: refused,
      lost: injected - refused,
      remark: 'refused by the stage that reads it',
    });
  }
  expect(lost).toEqual([]);
});

test('a damaged index is never served: the run before it answers', async () => {
  const key = artifactKey(newerId, 'serving');
  const whole = await readFile(pathOf(key));
  const content = encodeServingIndex(decodeServingIndex(whole, newerId), newerId);
  const damages = [
    ...(await damagesOf(whole, key)),
    ...Array.from({ length: INDEX_FLIPS }, () => ({ damage: 'a bit flipped' as const, bytes: flipped(whole) })),
  ];
  let refused = 0;
  let unharmed = 0;
  for (const { bytes } of damages) {
    await writeFile(pathOf(key), bytes);
    const models = new ModelCache({ store: stages.store, nowMs: () => 0, patience: async () => {}, onFailure() {} });
    const { version, index } = await models.current();
    if (version === olderId) refused++;
    else if (Buffer.compare(encodeServingIndex(index, version), content) === 0) unharmed++;
  }
  await writeFile(pathOf(key), whole);
  const lost = damages.length - refused - unharmed;
  tally({
    fault: 'serving index: any damage',
    injected: damages.length,
    survived: refused + unharmed,
    lost,
    remark: `${refused} refused, the run before it answered; ${unharmed} hit padding and changed nothing`,
  });
  expect(lost).toBe(0);
});

test('a torn manifest or report of one run hides no other run, and the model still answers', async () => {
  const { url, close } = await serveWorkspace(stages.folder, 0);
  const lost: string[] = [];
  let injected = 0;
  for (const artifact of ['manifest', 'report'] as const) {
    for (const runId of [olderId, newerId]) {
      const path = pathOf(artifactKey(runId, artifact));
      const whole = await readFile(path);
      for (const bytes of [
        whole.subarray(0, whole.length / 2),
        Buffer.from('{}'),
        Buffer.from('[]'),
        Buffer.alloc(0),
      ]) {
        injected++;
        await writeFile(path, bytes);
        for (const route of ['/v1/runs', '/v1/model', '/v1/health', '/v1/products']) {
          const response = await fetch(url + route);
          const text = await response.text();
          const isComplete = route !== '/v1/runs' || (text.includes(olderId) && text.includes(newerId));
          if (!response.ok || !isComplete)
            lost.push(`${artifact} of ${runId}: ${route} answers ${response.status} ${text.slice(0, 300)}`);
        }
      }
      await writeFile(path, whole);
    }
  }
  await close();
  tally({
    fault: 'manifest or report: torn',
    injected,
    survived: injected - new Set(lost).size,
    lost: lost.length,
    remark: 'runs and model still answered',
  });
  expect(lost).toEqual([]);
});

test('a torn pointer is repaired by promote', async () => {
  const whole = await readFile(pathOf(CURRENT_KEY));
  const damages = [
    whole.subarray(0, 20),
    Buffer.alloc(0),
    Buffer.from('{}'),
    Buffer.from('null'),
    flipped(whole.subarray(0, 2)),
  ];
  const lost: string[] = [];
  for (const bytes of damages) {
    await writeFile(pathOf(CURRENT_KEY), bytes);
    const { exitCode, stderr } = await runScript('promote.ts', newerId, '--workspace', stages.folder);
    const found = await readFile(pathOf(CURRENT_KEY), 'utf8');
    const isRepaired = exitCode === 0 && found.startsWith('{') && JSON.parse(found).runId === newerId;
    if (!isRepaired) lost.push(`${JSON.stringify(bytes.toString())}: ${stderr}`);
  }
  await writeFile(pathOf(CURRENT_KEY), whole);
  tally({
    fault: 'current.json: torn',
    injected: damages.length,
    survived: damages.length - lost.length,
    lost: lost.length,
    remark: 'promote wrote it anew',
  });
  expect(lost).toEqual([]);
});

/** What no earlier stage writes is read of the live run, not of the stage's own. */
function isOfLiveRun(stage: StageName, artifact: ArtifactName): boolean {
  const earlier = PIPELINE.slice(
    0,
    PIPELINE.findIndex(({ name }) => name === stage),
  );
  return artifact !== 'request' && !earlier.some(({ writes }) => writes.some((written) => written === artifact));
}

async function damagesOf(whole: Uint8Array, key: string): Promise<{ damage: Damage; bytes: Uint8Array }[]> {
  const other = await readFile(pathOf(key.replace(newerId, olderId)));
  return [
    ...Array.from({ length: FLIPS }, () => ({ damage: 'a bit flipped' as const, bytes: flipped(whole) })),
    ...Array.from({ length: CUTS }, () => ({
      damage: 'cut short' as const,
      bytes: whole.subarray(0, randomInteger(random, whole.length)),
    })),
    ...(Buffer.compare(whole, other) === 0 ? [] : [{ damage: "another run's" as const, bytes: other }]),
  ];
}

function flipped(whole: Uint8Array): Uint8Array {
  const bytes = Uint8Array.from(whole);
  bytes[randomInteger(random, bytes.length)] ^= 1 << randomInteger(random, 8);
  return bytes;
}

test.beforeEach(async () => {
  expect(await readdir(join(stages.folder, 'runs'))).toEqual([olderId, newerId]);
});
