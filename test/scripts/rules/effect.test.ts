import { beforeAll, expect, test } from 'vitest';
import { artifactKey } from '../../../engine/artifacts/artifact-keys.ts';
import { encodeCorpus } from '../../../engine/clicks/corpus.ts';
import { seededRandom } from '../../../engine/numeric/random.ts';
import { readRules } from '../../../engine/rules/read-rules.ts';
import { buildServingIndex } from '../../../engine/serving-index/serving-index.ts';
import type { LiveData } from '../../../lambdas/recommend/live-data.ts';
import { effectText, measureEffect } from '../../../scripts/rules/effect.ts';
import { clustersOf, corpusOf, vectorsOf } from '../../engine/ranking/example-index.ts';
import { MemoryArtifactStore } from '../../support/memory-artifact-store.ts';

const NOW = Date.UTC(2026, 10, 26);
const PRODUCTS = 60;
const common = { author: 'Ana', note: 'test' };
const store = new MemoryArtifactStore();
let data: LiveData;

/** From an even product on, shoppers go to the next one; from an odd one, anywhere. */
beforeAll(async () => {
  const random = seededRandom(1);
  const any = () => Math.floor(random() * PRODUCTS);
  const sessions = Array.from({ length: 1_000 }, () => {
    const from = 2 * Math.floor(any() / 2);
    return [from, from + 1, any()];
  });
  const ids = Array.from({ length: PRODUCTS }, (_, product) => `p${product}`);
  const counts = ids.map((_, product) => sessions.flat().filter((viewed) => viewed === product).length);
  const corpus = corpusOf(ids, counts, sessions);
  await store.put(artifactKey('run-1', 'corpus'), encodeCorpus(corpus));
  const index = buildServingIndex(corpus, vectorsOf(['p0'], [[1]]), clustersOf([0], [[1]]), 'markov');
  const model = { version: 'run-1', publishedAt: null, index, failure: undefined };
  data = { model, catalogue: undefined, rules: undefined };
});

const measure = (file: object) => measureEffect(store, data, readRules(JSON.stringify(file), 'rules.json'), NOW);
const odd = Array.from({ length: PRODUCTS / 2 }, (_, i) => `p${2 * i + 1}`);

test('a draft that changes nothing changes nothing, to the last digit', async () => {
  const effect = await measure({ placements: { home: {} } });
  expect(effect).toMatchObject({ runId: 'run-1', liveRules: null, at: '2026-11-26T00:00:00.000Z' });
  expect(effect.placements).toMatchObject([{ placement: 'home', isLive: false, changedShare: 0 }]);
  expect(effect.placements[0]['HR@20']).toMatchObject({ difference: { value: 0, low: 0, high: 0 } });
});

test('to leave out what shoppers look at next costs what it must, with an interval', async () => {
  const [effect] = (await measure({ rules: [{ ...common, id: 'no-odd', type: 'exclude', products: odd }] })).placements;
  const { live, draft, difference } = effect['HR@20'];
  // Half of the questions are "what after an even product", and their answers are odd.
  expect(live.value).toBeGreaterThan(0.6);
  expect(difference.value).toBeCloseTo(draft.value - live.value, 10);
  expect(difference.high).toBeLessThan(-0.4);
  expect(effect.coverage.draft.value).toBeLessThanOrEqual(0.5);
  expect(effect).toMatchObject({ placement: null, isLive: true });
});

test('a rule that is not in force yet costs nothing, and at its time it does', async () => {
  const rule = { ...common, id: 'no-odd', type: 'exclude', products: odd, from: '2026-12-01' };
  const [effect] = (await measure({ rules: [rule] })).placements;
  expect(effect.changedShare).toBe(0);
  const file = readRules(JSON.stringify({ rules: [rule] }), 'rules.json');
  const later = await measureEffect(store, data, file, Date.UTC(2026, 11, 1));
  expect(later.placements[0].changedShare).toBeGreaterThan(0.9);
});

test('the text names the sessions, the figures and what they are worth', async () => {
  const text = effectText(await measure({ rules: [{ ...common, id: 'no-odd', type: 'exclude', products: odd }] }));
  expect(text).toMatch(/held-out sessions, model run-1, rules in force at 2026-11-26/);
  expect(text).toMatch(/\(none named\) +HR@20 +0\.\d{3} +0\.\d{3} +−0\.\d{3} +−0\.\d{3} … −0\.\d{3} +lower/);
  expect(text).toContain('have seen them');
});

test('where the corpus is gone, that is said', async () => {
  const empty = new MemoryArtifactStore();
  await expect(measureEffect(empty, data, readRules('{}', 'rules.json'), NOW)).rejects.toThrow('corpus/corpus.bin');
});
