import { beforeEach, describe, expect, test } from 'vitest';
import { artifactKey, CURRENT_KEY } from '../../../engine/artifacts/artifact-keys.ts';
import { encodeContainer } from '../../../engine/artifacts/binary-container.ts';
import { ArtifactError, NoModelError } from '../../../engine/errors.ts';
import { encodeServingIndex } from '../../../engine/serving-index/serving-index-file.ts';
import { CHECK_INTERVAL_MS, ModelCache } from '../../../lambdas/recommend/model-cache.ts';
import { GIVE_UP_AFTER_MS } from '../../../lambdas/recommend/periodic-check.ts';
import { exampleIndex } from '../../engine/ranking/example-index.ts';
import { MemoryArtifactStore } from '../../support/memory-artifact-store.ts';
import { publish, SAMPLE_INDEX_FILE } from '../../support/published-model.ts';

let store: MemoryArtifactStore;
let nowMs: number;
let failures: unknown[];
let cache: ModelCache;
/** How long a request waits for a newer model; most tests let it finish. */
let patience: () => Promise<void>;

const forever = () => new Promise<void>(() => {});
const newCache = () =>
  new ModelCache({
    store,
    nowMs: () => nowMs,
    patience: () => patience(),
    onFailure: (error) => failures.push(error),
  });
const version = async () => (await cache.current()).version;
const readsOf = (key: string) => store.reads.filter((read) => read === key).length;

beforeEach(async () => {
  store = new MemoryArtifactStore();
  nowMs = 0;
  failures = [];
  patience = forever;
  cache = newCache();
  await publish(store, 'run-1');
});

const newerFormat = encodeContainer({ kind: 'serving-index', kindVersion: 99, meta: {}, sections: {} });
const BROKEN_INDEXES: [string, Uint8Array | undefined][] = [
  ['missing', undefined],
  ['empty', new Uint8Array(0)],
  ['torn', SAMPLE_INDEX_FILE.slice(0, SAMPLE_INDEX_FILE.length / 2)],
  ['of changed bytes', SAMPLE_INDEX_FILE.map((byte, i) => (i === 2_000 ? byte ^ 1 : byte))],
  ['of a newer format', newerFormat],
  ['of another run', encodeServingIndex(exampleIndex(), 'run-1')],
  ['something else', new TextEncoder().encode('<html>not found</html>')],
];

async function publishBroken(runId: string, index: Uint8Array | undefined) {
  await publish(store, runId, { previous: 'run-1', ...(index !== undefined && { index }) });
  if (index === undefined) await store.delete(artifactKey(runId, 'serving'));
}

describe('loading', () => {
  test('concurrent first requests load once', async () => {
    const models = await Promise.all(Array.from({ length: 50 }, () => cache.current()));
    expect(new Set(models).size).toBe(1);
    expect(store.reads).toEqual([CURRENT_KEY, artifactKey('run-1', 'serving')]);
  });

  test('an unchanged pointer is looked at once an interval and the index is not read again', async () => {
    for (nowMs = 0; nowMs < 3 * CHECK_INTERVAL_MS; nowMs += 1_000) await cache.current();
    expect(readsOf(CURRENT_KEY)).toBe(3);
    expect(readsOf(artifactKey('run-1', 'serving'))).toBe(1);
  });

  test('a published model answers after the next check, and so does a rollback', async () => {
    expect(await version()).toBe('run-1');
    await publish(store, 'run-2', { previous: 'run-1' });
    nowMs = CHECK_INTERVAL_MS - 1;
    expect(await version()).toBe('run-1');
    nowMs = CHECK_INTERVAL_MS;
    expect(await version()).toBe('run-2');
    await publish(store, 'run-1', { previous: 'run-2' });
    nowMs *= 2;
    expect(await version()).toBe('run-1');
  });

  test('the old model answers until the new one is wholly loaded', async () => {
    await cache.current();
    await publish(store, 'run-2');
    nowMs = CHECK_INTERVAL_MS;
    const gate = Promise.withResolvers<void>();
    store.beforeRead = (key) => (key.endsWith('index.bin') ? gate.promise : undefined);
    patience = async () => {};
    for (let i = 0; i < 5; i++) expect(await version()).toBe('run-1');
    patience = forever;
    gate.resolve();
    expect(await version()).toBe('run-2');
    expect(readsOf(artifactKey('run-2', 'serving'))).toBe(1);
    expect(failures).toEqual([]);
  });

  test('a load that a freeze cut off is begun anew, and its late end changes nothing', async () => {
    await cache.current();
    await publish(store, 'run-2');
    nowMs = CHECK_INTERVAL_MS;
    patience = async () => {};
    const frozen = Promise.withResolvers<void>();
    store.beforeRead = () => frozen.promise;
    expect(await version()).toBe('run-1');
    store.beforeRead = () => {};
    patience = forever;
    nowMs += GIVE_UP_AFTER_MS;
    expect(await version()).toBe('run-2');
    await publish(store, 'run-3');
    frozen.reject(new Error('socket hang up'));
    expect(await cache.current()).toMatchObject({ version: 'run-2', failure: undefined });
    expect(failures).toEqual([]);
  });
});

describe.each(BROKEN_INDEXES)('a published index that is %s', (_what, index) => {
  test('leaves the old model answering, raises the alarm at each check, and is over with the next good one', async () => {
    expect(await version()).toBe('run-1');
    await publishBroken('run-2', index);
    for (let check = 1; check <= 3; check++) {
      nowMs = check * CHECK_INTERVAL_MS;
      const model = await cache.current();
      expect(model.version).toBe('run-1');
      expect(model.failure).toBeTruthy();
      expect(failures).toHaveLength(check);
      expect(failures.at(-1)).toBeInstanceOf(ArtifactError);
    }
    await publish(store, 'run-3');
    nowMs += CHECK_INTERVAL_MS;
    expect(await cache.current()).toMatchObject({ version: 'run-3', failure: undefined });
  });

  test('lets an instance that starts now serve the previous run', async () => {
    await publishBroken('run-2', index);
    const model = await cache.current();
    expect(model).toMatchObject({ version: 'run-1', publishedAt: null, failure: expect.any(String) });
    expect(failures).toHaveLength(1);
    await store.put(artifactKey('run-2', 'serving'), SAMPLE_INDEX_FILE);
    nowMs = CHECK_INTERVAL_MS;
    expect(await cache.current()).toMatchObject({ version: 'run-2', failure: undefined });
  });
});

test.each([
  ['torn', '{"runId": "ru'],
  ['of another form', '{"run": 1}'],
  ['empty', ''],
])('a pointer that is %s leaves the old model answering', async (_what, pointer) => {
  await cache.current();
  await store.put(CURRENT_KEY, pointer);
  nowMs = CHECK_INTERVAL_MS;
  expect(await version()).toBe('run-1');
  expect(failures).toHaveLength(1);
});

test('a store that is out of reach leaves the old model answering', async () => {
  await cache.current();
  store.beforeRead = () => {
    throw new Error('getaddrinfo ENOTFOUND');
  };
  nowMs = CHECK_INTERVAL_MS;
  expect(await version()).toBe('run-1');
  await store.delete(CURRENT_KEY);
  store.beforeRead = () => {};
  nowMs *= 2;
  expect(await version()).toBe('run-1');
  expect(failures).toHaveLength(2);
});

describe('without any model', () => {
  test('says that nothing was published, raises no alarm, and finds the first publish within a second', async () => {
    await store.delete(CURRENT_KEY);
    for (let i = 0; i < 3; i++) await expect(cache.current()).rejects.toThrow(NoModelError);
    expect(readsOf(CURRENT_KEY)).toBe(1);
    expect(failures).toEqual([]);
    await publish(store, 'run-1');
    nowMs = 1_000;
    expect(await version()).toBe('run-1');
  });

  describe('a request whose check was given up', () => {
    let gates: PromiseWithResolvers<void>[];
    let requests: Promise<unknown>[];
    /** The first check ends late, while the second is under way. */
    beforeEach(async () => {
      gates = [];
      store.beforeRead = () => {
        gates.push(Promise.withResolvers());
        return gates.at(-1)!.promise;
      };
      const request = () => version().catch((error: unknown) => error);
      requests = [request()];
      nowMs = GIVE_UP_AFTER_MS;
      requests.push(request());
      store.beforeRead = () => {};
      gates[0].resolve();
      await new Promise(setImmediate);
    });

    test('gets the model of the one that took over', async () => {
      gates[1].resolve();
      expect(await Promise.all(requests)).toEqual(['run-1', 'run-1']);
      expect(readsOf(CURRENT_KEY)).toBe(2);
    });

    test('gets the failure of the one that took over', async () => {
      gates[1].reject(new Error('socket hang up'));
      expect(await Promise.all(requests)).toEqual([expect.any(ArtifactError), expect.any(ArtifactError)]);
    });
  });

  test('passes on why the only published one cannot be read', async () => {
    await store.put(artifactKey('run-1', 'serving'), Uint8Array.of(1));
    await expect(cache.current()).rejects.toThrow(ArtifactError);
    expect(failures).toHaveLength(1);
  });

  test('calls a store that is out of reach an unreadable model, and recovers', async () => {
    store.beforeRead = () => {
      throw new TypeError('fetch failed');
    };
    await expect(cache.current()).rejects.toThrow(ArtifactError);
    expect(failures).toEqual([new TypeError('fetch failed')]);
    store.beforeRead = () => {};
    nowMs = 1_000;
    expect(await version()).toBe('run-1');
  });

  test('raises both alarms when the previous run cannot be read either', async () => {
    await publish(store, 'run-2', { previous: 'run-0', index: Uint8Array.of(1) });
    await expect(cache.current()).rejects.toThrow(/Expected an Alike serving-index/);
    expect(failures).toHaveLength(2);
  });
});
