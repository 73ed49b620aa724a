import { afterAll, beforeAll, expect, test } from 'vitest';
import { artifactKey, stageRecordKey } from '../../engine/artifacts/artifact-keys.ts';
import { decodeServingIndex } from '../../engine/serving-index/serving-index-file.ts';
import { PIPELINE } from '../../lambdas/pipeline.ts';
import { runIdOf } from '../../lambdas/shared/runs/run-id.ts';
import { clickstream } from '../../scripts/sample/clickstream.ts';
import { catalogueOfClicks, encodedCatalogue, uploadCatalogue } from '../support/sample-catalogue.ts';
import { type Execution, newExecution, openStages } from '../support/stages.ts';

/** A run with a catalogue, from clicks to the serving index. */
const REQUEST = {
  source: 'raw/clicks.csv',
  format: 'eshop',
  settings: { epochs: 3, max_trials: 1, vector_size: 8, k: 4 },
};
const clicks = [...clickstream({ sessions: 1_500, products: 60, seed: 5 })].join('');
const catalogue = catalogueOfClicks(clicks);
const products = catalogue.productIds.length;

let stages: Awaited<ReturnType<typeof openStages>>;
beforeAll(async () => {
  stages = await openStages();
  await stages.upload('raw/clicks.csv', clicks);
});
afterAll(() => stages.close());

async function run(execution: Execution, seed = 1) {
  for (const { name, forEachItemOf } of PIPELINE) {
    const items = forEachItemOf === undefined ? [undefined] : ['candidate-1'];
    for (const item of items) {
      const request = { ...REQUEST, settings: { ...REQUEST.settings, seed } };
      const event = { execution, request, ...(item !== undefined && { item }) };
      await stages.invoke(name, event);
    }
  }
  const runId = runIdOf(execution);
  const json = async (key: string) => JSON.parse(Buffer.from((await stages.store.get(key))!.bytes).toString());
  return {
    index: decodeServingIndex((await stages.store.get(artifactKey(runId, 'serving')))!.bytes),
    report: await json(artifactKey(runId, 'report')),
    plan: await json(stageRecordKey(runId, 'plan')),
  };
}

test('without a catalogue nothing is said of attributes', async () => {
  const { index, report, plan } = await run(newExecution('2026-11-23T10:00:00.000Z'));
  expect(index.attributes).toBeUndefined();
  expect(report.evaluation.attributes).toBeUndefined();
  expect(plan.details.notes.join()).not.toContain('atalogue');
  expect(plan.result.keys.product_attributes).toBeUndefined();
});

test('a first catalogue is worth a run on the same clicks, is learned from, and the run says so', async () => {
  await uploadCatalogue(stages, encodedCatalogue(catalogue));
  const { index, report, plan } = await run(newExecution('2026-11-23T11:00:00.000Z'));
  expect(index.attributes?.learned.tokens).toContain('product_type=1');
  expect(index.attributes?.weights.forNew['product_type']).toBeGreaterThan(0);
  expect(report.evaluation.attributes).toMatchObject({ catalogueVersion: catalogue.version, listedProducts: products });
  expect(plan.details.notes).toContain(
    `Catalogue ${catalogue.version} lists ${products} of the ${products} products that were viewed; learned of: product_type, price.`,
  );
  expect(report.notes.join('\n')).toContain(
    'How well new products are recommended was not measured: no product is viewed for the first time',
  );
});

test('a torn catalogue stops no training, and the run says so', async () => {
  const whole = encodedCatalogue(catalogue);
  await uploadCatalogue(stages, { ...whole, bytes: whole.bytes.slice(0, -10) });
  const { index, plan } = await run(newExecution('2026-11-23T12:00:00.000Z'), 2);
  expect(index.attributes).toBeUndefined();
  expect(plan.details.notes.join()).toContain('Nothing was learned of the catalogue, which cannot be read: ');
});
