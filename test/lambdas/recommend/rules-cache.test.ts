import { beforeEach, describe, expect, test } from 'vitest';
import { ArtifactError } from '../../../engine/errors.ts';
import { RULES_CURRENT_KEY, rulesKey } from '../../../engine/rules/published-rules.ts';
import { CHECK_INTERVAL_MS } from '../../../lambdas/recommend/model-cache.ts';
import { RulesCache } from '../../../lambdas/recommend/rules-cache.ts';
import { exampleIndex } from '../../engine/ranking/example-index.ts';
import { MemoryArtifactStore } from '../../support/memory-artifact-store.ts';
import { publishTestRules } from '../../support/published-rules.ts';

let store: MemoryArtifactStore;
let nowMs: number;
let failures: unknown[];
let cache: RulesCache;

const model = { index: exampleIndex() };
const version = async () => (await cache.current(model, undefined))?.version;
const readsOf = (key: string) => store.reads.filter((read) => read === key).length;
const newCache = () =>
  new RulesCache({
    store,
    nowMs: () => nowMs,
    patience: () => new Promise(() => {}),
    onFailure: (error) => failures.push(error),
  });

beforeEach(() => {
  store = new MemoryArtifactStore();
  nowMs = 0;
  failures = [];
  cache = newCache();
});

test('without rules there are none, at the price of one look an interval', async () => {
  for (nowMs = 0; nowMs < 3 * CHECK_INTERVAL_MS; nowMs += 1_000) expect(await version()).toBeUndefined();
  expect(readsOf(RULES_CURRENT_KEY)).toBe(3);
  expect(failures).toEqual([]);
  await publishTestRules(store, 'v1', {});
  expect(await version()).toBe('v1');
});

test('they are compiled once for a model and a catalogue, and anew for another', async () => {
  await publishTestRules(store, 'v1', {});
  const first = await cache.current(model, undefined);
  expect(await cache.current(model, undefined)).toBe(first);
  expect(await cache.current({ index: exampleIndex() }, undefined)).not.toBe(first);
  await publishTestRules(store, 'v2', {});
  nowMs = CHECK_INTERVAL_MS;
  expect(await version()).toBe('v2');
});

describe.each<[string, (key: string) => Promise<unknown>]>([
  ['torn', (key) => store.put(key, '{"rules": [')],
  ['missing', (key) => store.delete(key)],
  ['of a newer release', (key) => store.put(key, '{"rules": [{"id": "x", "type": "levitate"}]}')],
])('a file that is %s', (_, damage) => {
  test('leaves the rules before it in force', async () => {
    await publishTestRules(store, 'v1', {});
    expect(await version()).toBe('v1');
    await publishTestRules(store, 'v2', {});
    await damage(rulesKey('v2'));
    nowMs = CHECK_INTERVAL_MS;
    expect(await version()).toBe('v1');
    expect(failures).toEqual([expect.any(ArtifactError)]);
  });

  test('lets a new instance begin with those before, and without any go on without', async () => {
    await publishTestRules(store, 'v1', {});
    await publishTestRules(store, 'v2', {});
    await damage(rulesKey('v2'));
    expect(await version()).toBe('v1');
    await damage(rulesKey('v1'));
    cache = newCache();
    expect(await version()).toBeUndefined();
  });
});

test('a torn pointer is told, and the rules stay', async () => {
  await publishTestRules(store, 'v1', {});
  expect(await version()).toBe('v1');
  await store.put(RULES_CURRENT_KEY, '{');
  nowMs = CHECK_INTERVAL_MS;
  expect(await version()).toBe('v1');
  expect(String(failures[0])).toContain('npm run rules -- publish FILE');
});

test('a rule that cannot be applied is told once, and the others are in force', async () => {
  const common = { author: 'Ana', note: 'test', type: 'exclude' };
  await publishTestRules(store, 'v1', {
    rules: [
      { ...common, id: 'red', products: 'colour:red' },
      { ...common, id: 'one', products: [model.index.productIds[0]] },
    ],
  });
  const rules = await cache.current(model, undefined);
  await cache.current(model, undefined);
  expect(failures.map(String)).toEqual([
    expect.stringContaining('Rule "red" of rules v1 is not applied: There is no catalogue to filter by'),
  ]);
  expect(rules!.engine.directionsFor(undefined, 1, nowMs).admitted?.has(0)).toBe(false);
});
