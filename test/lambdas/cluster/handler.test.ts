import { afterAll, beforeAll, expect, it } from 'vitest';
import { artifactKey, stageRecordKey } from '../../../engine/artifacts/artifact-keys.ts';
import type { StageRecord } from '../../../engine/artifacts/stage-record.ts';
import { encodeProductVectors } from '../../../engine/word2vec/product-vectors.ts';
import { runIdOf } from '../../../lambdas/shared/runs/run-id.ts';
import { getJson } from '../../support/get-json.ts';
import { newExecution, openStages, type Stages } from '../../support/stages.ts';

let stages: Stages;
beforeAll(async () => {
  stages = await openStages();
});
afterAll(() => stages.close());

const DIFFERENT = [0, 1, 2, 3];
const ALIKE = [0, 0, 1, 1];

it.each([
  ['fewer products', 10, DIFFERENT, ['k was lowered from 10 to 4: there are only 4 products.']],
  ['fewer different vectors', 3, ALIKE, ['k was lowered from 3 to 2: the products have only 2 different vectors.']],
  ['as many products', 4, DIFFERENT, []],
  ['no number asked for', 'auto', DIFFERENT, []],
])('says what becomes of k where there are %s', async (_, k, places, notes) => {
  const execution = newExecution();
  const runId = runIdOf(execution);
  const productIds = places.map((_, i) => `p${i}`);
  const vectors = Float32Array.from(places.flatMap((place) => [place, 1]));
  await stages.store.put(
    artifactKey(runId, 'vectors'),
    encodeProductVectors({ productIds, dimensions: 2, vectors, contextVectors: vectors }),
  );
  const request = { source: 'raw/', settings: { k } };
  await stages.runStage('cluster', execution, request);
  const record = await getJson<StageRecord>(stages.store, stageRecordKey(runId, 'cluster'));
  expect(record?.details?.['notes']).toEqual(notes);
});
