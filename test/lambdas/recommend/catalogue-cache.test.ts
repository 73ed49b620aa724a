import { beforeEach, describe, expect, test } from 'vitest';
import { encodeContainer } from '../../../engine/artifacts/binary-container.ts';
import { CatalogueBuilder } from '../../../engine/catalogue/build-catalogue.ts';
import { encodeCatalogue } from '../../../engine/catalogue/catalogue-file.ts';
import { CATALOGUE_CURRENT_KEY, catalogueKey } from '../../../engine/catalogue/catalogue-keys.ts';
import { ArtifactError } from '../../../engine/errors.ts';
import { CatalogueCache } from '../../../lambdas/recommend/catalogue-cache.ts';
import { CHECK_INTERVAL_MS } from '../../../lambdas/recommend/model-cache.ts';
import { GIVE_UP_AFTER_MS } from '../../../lambdas/recommend/periodic-check.ts';
import { inspectCurrentCatalogue, moveCurrentCatalogue } from '../../../lambdas/shared/catalogue/current-catalogue.ts';
import { exampleIndex } from '../../engine/ranking/example-index.ts';
import { MemoryArtifactStore } from '../../support/memory-artifact-store.ts';

let store: MemoryArtifactStore;
let nowMs: number;
let failures: unknown[];
let cache: CatalogueCache;
let patience: () => Promise<void>;

const model = { index: exampleIndex() };
const forever = () => new Promise<void>(() => {});
const version = async () => (await cache.current(model))?.catalogue.version;
const readsOf = (key: string) => store.reads.filter((read) => read === key).length;

function fileOf(name: string): Uint8Array {
  const builder = new CatalogueBuilder(['id', 'title']);
  builder.add(['new', 'A new one']);
  builder.add([model.index.productIds[1], 'A known one']);
  return encodeCatalogue(builder.finish(name));
}

async function load(name: string, file: Uint8Array | undefined = fileOf(name)) {
  if (file !== undefined) await store.put(catalogueKey(name, 'catalogue'), file);
  await moveCurrentCatalogue(store, name, '2026-11-26T10:00:00.000Z', await inspectCurrentCatalogue(store));
}

beforeEach(() => {
  store = new MemoryArtifactStore();
  nowMs = 0;
  failures = [];
  patience = forever;
  cache = new CatalogueCache({
    store,
    nowMs: () => nowMs,
    patience: () => patience(),
    onFailure: (error) => failures.push(error),
  });
});

test('without a catalogue there is none, at the price of one look an interval', async () => {
  for (nowMs = 0; nowMs < 3 * CHECK_INTERVAL_MS; nowMs += 1_000) expect(await version()).toBeUndefined();
  expect(readsOf(CATALOGUE_CURRENT_KEY)).toBe(3);
  expect(failures).toEqual([]);
  await load('v1');
  expect(await version()).toBe('v1');
});

test('the first request waits for it, and a crowd loads it once', async () => {
  await load('v1');
  patience = async () => {};
  const found = await Promise.all(Array.from({ length: 20 }, () => cache.current(model)));
  expect(new Set(found).size).toBe(1);
  expect(found[0]?.catalogue.productIds.slice(0, 2)).toEqual(model.index.productIds.slice(0, 2));
  expect(found[0]).toMatchObject({ modelProducts: model.index.productIds.length, listedProducts: 1 });
  expect(readsOf(catalogueKey('v1', 'catalogue'))).toBe(1);
});

test('it is joined once for a model and a catalogue, and anew for another of either', async () => {
  await load('v1');
  const first = await cache.current(model);
  expect(await cache.current(model)).toBe(first);
  const other = await cache.current({ index: exampleIndex() });
  expect(other).not.toBe(first);
  await load('v2');
  nowMs = CHECK_INTERVAL_MS;
  expect(await version()).toBe('v2');
});

test('the old one answers until the new one is wholly loaded', async () => {
  await load('v1');
  expect(await version()).toBe('v1');
  await load('v2');
  nowMs = CHECK_INTERVAL_MS;
  const gate = Promise.withResolvers<void>();
  store.beforeRead = (key) => (key.endsWith('.bin') ? gate.promise : undefined);
  patience = async () => {};
  for (let i = 0; i < 5; i++) expect(await version()).toBe('v1');
  patience = forever;
  gate.resolve();
  expect(await version()).toBe('v2');
  expect(readsOf(catalogueKey('v2', 'catalogue'))).toBe(1);
});

test('a load that a freeze cut off is begun anew, and its late end changes nothing', async () => {
  await load('v1');
  await version();
  await load('v2');
  nowMs = CHECK_INTERVAL_MS;
  patience = async () => {};
  const frozen = Promise.withResolvers<void>();
  store.beforeRead = () => frozen.promise;
  expect(await version()).toBe('v1');
  store.beforeRead = () => {};
  patience = forever;
  nowMs += GIVE_UP_AFTER_MS;
  expect(await version()).toBe('v2');
  frozen.reject(new Error('socket hang up'));
  expect(await version()).toBe('v2');
  expect(failures).toEqual([]);
});

const BROKEN: [string, Uint8Array | undefined][] = [
  ['missing', undefined],
  ['empty', new Uint8Array(0)],
  ['torn', fileOf('v2').slice(0, 500)],
  ['of a newer format', encodeContainer({ kind: 'catalogue', kindVersion: 99, meta: {}, sections: {} })],
  ['of another version', fileOf('v7')],
];
describe.each(BROKEN)('a catalogue that is %s', (_what, file) => {
  beforeEach(() => load('v1'));

  async function loadBroken() {
    if (file !== undefined) await store.put(catalogueKey('v2', 'catalogue'), file);
    await moveCurrentCatalogue(store, 'v2', '2026-11-26T10:00:00.000Z', await inspectCurrentCatalogue(store));
  }

  test('leaves the old one answering, says so at each look, and is over with the next good one', async () => {
    await version();
    await loadBroken();
    for (let look = 1; look <= 3; look++) {
      nowMs = look * CHECK_INTERVAL_MS;
      expect(await version()).toBe('v1');
      expect(failures).toHaveLength(look);
      expect(failures.at(-1)).toBeInstanceOf(ArtifactError);
    }
    await load('v3');
    nowMs += CHECK_INTERVAL_MS;
    expect(await version()).toBe('v3');
    expect(failures).toHaveLength(3);
  });

  test('lets an instance that starts now answer from the one before', async () => {
    await loadBroken();
    expect(await version()).toBe('v1');
    expect(failures).toHaveLength(1);
  });
});

test('a store that is out of reach and a pointer that is torn or gone fail no request', async () => {
  store.beforeRead = () => {
    throw new Error('getaddrinfo ENOTFOUND');
  };
  expect(await version()).toBeUndefined();
  store.beforeRead = () => {};
  await load('v1');
  nowMs = CHECK_INTERVAL_MS;
  expect(await version()).toBe('v1');
  await store.put(CATALOGUE_CURRENT_KEY, '{"version": "v');
  nowMs *= 2;
  expect(await version()).toBe('v1');
  await store.delete(CATALOGUE_CURRENT_KEY);
  nowMs *= 2;
  expect(await version()).toBe('v1');
  expect(failures).toHaveLength(3);
});
