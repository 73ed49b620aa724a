import { hash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { encodeViews, type Views } from '../../../engine/clicks/views.ts';
import { SHARED_SPACE } from '../../../engine/numeric/array-space.ts';
import { RunStore } from '../../../lambdas/shared/runs/run-store.ts';
import { FileArtifactStore } from '../../../lambdas/shared/store/file-artifact-store.ts';
import { ViewsWriter } from '../../../lambdas/shared/views-writer.ts';

const LARGE = 2 ** 26;
const VIEWS: Views = {
  sessionIds: ['a', 'ß'],
  productIds: ['p', 'q', 'r'],
  sessions: new Int32Array(SHARED_SPACE(12)),
  products: Int32Array.of(0, 1, 2),
  timesMs: Float64Array.of(1_000, 2_000, 9_000),
  orders: undefined,
  weights: Float64Array.of(1, 5, 1),
  fileEnds: Int32Array.of(3),
  gapMs: 1_800_000,
  orderedBy: 't',
};
VIEWS.sessions.set([0, 0, 1]);

let folder: string;
let store: RunStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'views-writer-'));
  store = new RunStore(new FileArtifactStore(folder), '1', { warn: () => {} });
});
afterEach(() => rm(folder, { recursive: true }));

const KEY = 'runs/1/views.bin';

async function storedBy(threads: number, inputBytes: number): Promise<Buffer> {
  await using writer = new ViewsWriter(threads);
  writer.expect(inputBytes, store);
  expect(await writer.store(store, KEY, VIEWS)).toEqual([]);
  return Buffer.from((await store.get(KEY))!.bytes);
}

test('a thread of its own stores the same bytes as the calling one', async () => {
  const put = vi.spyOn(store, 'put');
  const expected = Buffer.from(encodeViews(VIEWS));
  expect(await storedBy(2, LARGE)).toEqual(expected);
  expect(put).not.toHaveBeenCalled();
  const noted = store.written[KEY];
  expect(noted).toEqual({ sha256: hash('sha256', expected), sizeBytes: expected.length });
  expect(await storedBy(2, LARGE - 1)).toEqual(expected);
  expect(await storedBy(1, LARGE)).toEqual(expected);
  expect(put).toHaveBeenCalledTimes(2);
});

test('other bytes of an attempt that died are replaced, with a warning', async () => {
  await new FileArtifactStore(folder).put(KEY, 'torn');
  await using writer = new ViewsWriter(2);
  writer.expect(LARGE, store);
  expect(await writer.store(store, KEY, VIEWS)).toEqual([`An attempt that died had left other bytes: ${KEY}`]);
  expect(Buffer.from((await store.get(KEY))!.bytes)).toEqual(Buffer.from(encodeViews(VIEWS)));
});

test('what goes wrong there is told as the error that it is', async () => {
  // A folder cannot be made where a file stands.
  await writeFile(join(folder, 'runs'), '');
  await using writer = new ViewsWriter(2);
  writer.expect(LARGE, store);
  const alone = await store.put(KEY, 'x').catch((error: unknown) => error);
  expect(alone).toBeInstanceOf(Error);
  await expect(writer.store(store, KEY, VIEWS)).rejects.toThrow(alone as Error);
});
