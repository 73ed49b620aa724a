import { beforeAll, describe, expect, test } from 'vitest';
import { artifactKey } from '../../../engine/artifacts/artifact-keys.ts';
import type { TrainingSettings } from '../../../engine/artifacts/training-request.ts';
import { joinCatalogue } from '../../../engine/catalogue/join.ts';
import { type Corpus, encodeCorpus } from '../../../engine/clicks/corpus.ts';
import { seededRandom } from '../../../engine/numeric/random.ts';
import { readRules } from '../../../engine/rules/read-rules.ts';
import { buildServingIndex } from '../../../engine/serving-index/serving-index.ts';
import type { LiveData } from '../../../lambdas/recommend/live-data.ts';
import { putJson } from '../../../lambdas/shared/store/artifact-store.ts';
import { underRules } from '../../../scripts/rules/answers.ts';
import { effectText, measureEffect } from '../../../scripts/rules/effect.ts';
import { catalogueOf } from '../../engine/attributes/example-catalogue.ts';
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
  expect(effect.placements[0].HR).toMatchObject({ difference: { value: 0, low: 0, high: 0 } });
});

test('to leave out what shoppers look at next costs what it must, with an interval', async () => {
  const [effect] = (await measure({ rules: [{ ...common, id: 'no-odd', type: 'exclude', products: odd }] })).placements;
  const { live, draft, difference } = effect.HR;
  // Half of the questions are "what after an even product", and their answers are odd. Of the others a list of 5 finds 5 of 60.
  expect(live.value).toBeCloseTo(0.54, 1);
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

describe('what is measured is what a placement shows', () => {
  /** 15 products are of kind A: enough for lists of 8, not of 20. */
  const ROWS = Array.from({ length: PRODUCTS }, (_, product) => [`p${product}`, product % 4 === 0 ? 'A' : 'B']);
  const catalogued = () => {
    const catalogue = joinCatalogue(catalogueOf(['id', 'kind'], ROWS), data.model.index.productIds);
    return { ...data, catalogue };
  };
  const effectOf = async (live: object | undefined, draft: object) => {
    const base = catalogued();
    const rules = live && underRules(base, readRules(JSON.stringify(live), 'live.json'), 'live').rules;
    const file = readRules(JSON.stringify(draft), 'rules.json');
    return measureEffect(store, { ...base, rules: rules as LiveData['rules'] }, file, NOW);
  };

  test('its count decides whether a condition is given up', async () => {
    const [kept] = (
      await effectOf(undefined, { placements: { home: { count: 8, filter: 'kind:A', relax: ['kind'] } } })
    ).placements;
    expect(kept).toMatchObject({ placement: 'home', count: { live: 8, draft: 8 }, shortShare: { live: 0, draft: 0 } });
    expect(kept.coverage.draft.value).toBeCloseTo(15 / PRODUCTS, 10);
    const [relaxed] = (
      await effectOf(undefined, { placements: { home: { count: 20, filter: 'kind:A', relax: ['kind'] } } })
    ).placements;
    expect(relaxed.coverage.draft.value).toBeGreaterThan(0.9);
  });

  test("without a count it is the API's, and a draft that shows more is compared with what is live", async () => {
    const effect = await effectOf({ placements: { home: {} } }, { placements: { home: { count: 12 } } });
    const [unnamed, home] = effect.placements;
    expect(unnamed).toMatchObject({ placement: null, count: { live: 5, draft: 5 }, changedShare: 0 });
    expect(home).toMatchObject({ isLive: true, count: { live: 5, draft: 12 }, changedShare: 1 });
    expect(home.HR.live.value).toBe(unnamed.HR.live.value);
    expect(home.HR.draft.value).toBeGreaterThan(home.HR.live.value);
    const text = effectText(effect);
    expect(text).toMatch(/home +HR@12 /);
    expect(text).toContain('home: lists are of 12 products (live 5), 100.0 % of them change.');
  });
});

test('the text names the sessions, the figures and what they are worth', async () => {
  const text = effectText(await measure({ rules: [{ ...common, id: 'no-odd', type: 'exclude', products: odd }] }));
  expect(text).toMatch(/held-out sessions, model run-1, rules in force at 2026-11-26/);
  expect(text).toMatch(/\(none named\) +HR@5 +0\.\d{3} +0\.\d{3} +−0\.\d{3} +−0\.\d{3} … −0\.\d{3} +lower/);
  expect(text).toContain('have seen them');
});

test('where the corpus is gone, that is said', async () => {
  const empty = new MemoryArtifactStore();
  await expect(measureEffect(empty, data, readRules('{}', 'rules.json'), NOW)).rejects.toThrow('corpus/corpus.bin');
});

/** A run of its own, in which everybody is asked by `markov` but where a placement says otherwise. */
async function runOf(corpus: Corpus, settings: Partial<TrainingSettings>) {
  const ownStore = new MemoryArtifactStore();
  await ownStore.put(artifactKey('run-1', 'corpus'), encodeCorpus(corpus));
  await putJson(ownStore, artifactKey('run-1', 'manifest'), { settings });
  const index = buildServingIndex(
    corpus,
    vectorsOf(['p0'], [[1]]),
    clustersOf([0], [[1]]),
    'markov',
    undefined,
    settings.trending_half_life_days,
  );
  const ownData: LiveData = { ...data, model: { ...data.model, index } };
  return (file: object) => measureEffect(ownStore, ownData, readRules(JSON.stringify(file), 'rules.json'), NOW);
}

describe('of a run with carts and purchases', () => {
  const random = seededRandom(2);
  /** Who views an even product goes on to the next one, and then puts one of twenty others into the cart and buys it. */
  const sessions = Array.from({ length: 1_000 }, () => {
    const from = 2 * Math.floor(random() * 20);
    const other = 40 + Math.floor(random() * 20);
    return [from, from + 1, other, other];
  });
  const ids = Array.from({ length: PRODUCTS }, (_, product) => `p${product}`);
  const corpus: Corpus = {
    ...corpusOf(ids, Array<number>(PRODUCTS).fill(1), sessions),
    kinds: Uint8Array.from(sessions.flat(), (_, event) => [0, 0, 1, 2][event % 4]),
  };

  test('next views alone are asked', async () => {
    const effect = await (await runOf(corpus, {}))({ placements: { home: {} } });
    expect(effect.question).toBeUndefined();
    expect(effect.placements[0]).toMatchObject({ sessions: 100, questions: 100 });
    expect(effect.placements[0].MRR.live.value).toBe(1);
    expect(effectText(effect)).toContain('share of next views');
  });

  test('or purchases, where these are what the run is measured by', async () => {
    const effect = await (await runOf(corpus, { question: 'purchase' }))({ placements: { home: {} } });
    expect(effect.question).toBe('purchase');
    expect(effect.placements[0]).toMatchObject({ sessions: 100, questions: 100 });
    // One of twenty, of which nothing tells which.
    expect(effect.placements[0].MRR.live.value).toBeLessThan(0.5);
    expect(effectText(effect)).toContain('share of what is bought');
  });
});

test('trends have the half-life of the run', async () => {
  const DAY_MS = 24 * 3600 * 1000;
  // A session a day: for 850 days everybody views p0, for 50 days p40 and p41, and then p50 and p0.
  const sessions = Array.from({ length: 1_000 }, (_, day) => (day < 850 ? [0] : day < 900 ? [40, 41] : [50, 0]));
  const ids = Array.from({ length: PRODUCTS }, (_, product) => `p${product}`);
  const corpus: Corpus = {
    ...corpusOf(ids, Array<number>(PRODUCTS).fill(1), sessions),
    startTimesMs: Float64Array.from(sessions, (_, day) => day * DAY_MS),
  };
  const trend = { placements: { home: { strategy: 'trending' } } };
  const figures = async (days: number) =>
    (await (await runOf(corpus, { trending_half_life_days: days }))(trend)).placements[0].MRR.draft.value;
  // Where views halve in 300 days p0 leads; where they halve in 7, p40 and p41 do.
  expect(await figures(300)).toBe(1);
  expect(await figures(7)).toBeCloseTo(1 / 3, 10);
});
