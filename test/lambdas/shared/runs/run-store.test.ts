import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { artifactKey, stageRecordKey, trialKey } from '../../../../engine/artifacts/artifact-keys.ts';
import { ArtifactError, ConflictError } from '../../../../engine/errors.ts';
import { RunStore } from '../../../../lambdas/shared/runs/run-store.ts';
import { putJson } from '../../../../lambdas/shared/store/artifact-store.ts';
import { MemoryArtifactStore } from '../../../support/memory-artifact-store.ts';

const VECTORS = artifactKey('run-1', 'vectors');
const sha256 = (text: string | Uint8Array) => createHash('sha256').update(text).digest('hex');

let memory: MemoryArtifactStore;
let warnings: unknown[];
let folder: string;
const stage = () => new RunStore(memory, 'run-1', { warn: (...told: unknown[]) => warnings.push(told) });
beforeEach(async () => {
  memory = new MemoryArtifactStore();
  warnings = [];
  folder = await mkdtemp(join(tmpdir(), 'run-store-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Leaves the record of a stage of `run-1`. */
const record = (name: string, written: object | undefined, item?: string, runId = 'run-1') =>
  putJson(memory, stageRecordKey(runId, name, item), {
    stage: name,
    result: { runId, keys: {}, counts: {} },
    ...(written !== undefined && { written }),
    startedAt: '2026-11-23T10:00:00.000Z',
    durationMs: 1,
    peakResidentMb: 1,
    codeVersion: 'test',
  });
const textOf = async (store: RunStore, key: string) => Buffer.from((await store.get(key))!.bytes).toString();

describe('what a stage writes', () => {
  it('is noted with its SHA-256 and size, whether it comes from memory or from a file', async () => {
    const store = stage();
    await store.put(VECTORS, 'vectör');
    const path = join(folder, 'raw');
    await writeFile(path, 'raw data');
    await store.upload(artifactKey('run-1', 'raw_session_based_clickstream_data'), path);
    expect(store.written).toEqual({
      [VECTORS]: { sha256: sha256('vectör'), sizeBytes: 7 },
      [artifactKey('run-1', 'raw_session_based_clickstream_data')]: { sha256: sha256('raw data'), sizeBytes: 8 },
    });
  });

  it('for no run, or under a condition of its own, is passed on and not noted', async () => {
    const store = stage();
    await store.put('current.json', '1');
    await store.put('current.json', '2');
    await store.put(stageRecordKey('run-1', 'embed'), '{}', { ifAbsent: true });
    await expect(store.put(stageRecordKey('run-1', 'embed'), '{}', { ifAbsent: true })).rejects.toThrow(ConflictError);
    expect(store.written).toEqual({});
  });

  it('goes on where an attempt that died had written the same', async () => {
    await stage().put(VECTORS, 'same');
    const version = (await memory.get(VECTORS))!.version;
    const retry = stage();
    expect(await retry.put(VECTORS, 'same')).toBe(version);
    expect(retry.written[VECTORS].sha256).toBe(sha256('same'));
    expect(warnings).toEqual([]);
  });

  it('notes the SHA-256 of what is hashed piece by piece', async () => {
    const bytes = Uint8Array.from({ length: 9 * 2 ** 20 + 1 }, (_, i) => i % 251);
    const own = stage();
    await own.put(VECTORS, bytes);
    expect(own.written[VECTORS]).toEqual({ sha256: sha256(bytes), sizeBytes: bytes.length });
  });

  it('replaces what an attempt that died had written otherwise, and says so', async () => {
    await stage().put(VECTORS, 'by two threads');
    const retry = stage();
    await retry.put(VECTORS, 'by two threads again');
    expect(await textOf(retry, VECTORS)).toBe('by two threads again');
    expect(warnings).toHaveLength(1);
    const path = join(folder, 'raw');
    await writeFile(path, 'uploaded');
    await retry.upload(VECTORS, path);
    expect(await textOf(retry, VECTORS)).toBe('uploaded');
    expect(warnings).toHaveLength(2);
  });

  it('is a conflict where another attempt writes at the same moment', async () => {
    await memory.put(VECTORS, 'left');
    const read = memory.get.bind(memory);
    memory.get = async (key) => {
      const found = await read(key);
      await memory.put(VECTORS, 'of the other attempt');
      return found;
    };
    await expect(stage().put(VECTORS, 'mine')).rejects.toThrow(ConflictError);
  });
});

describe('what a stage reads', () => {
  const written = { [VECTORS]: { sha256: sha256('as written'), sizeBytes: 10 } };

  it('must be what the record of its writer says, in memory and as a file', async () => {
    await record('embed', written);
    await memory.put(VECTORS, 'as written');
    expect(await textOf(stage(), VECTORS)).toBe('as written');
    await stage().download(VECTORS, join(folder, 'vectors'));
    expect(await readFile(join(folder, 'vectors'), 'utf8')).toBe('as written');

    await memory.put(VECTORS, 'as wriTten');
    const refusal = {
      name: 'ArtifactError',
      message: expect.stringMatching(
        /^runs\/run-1\/vectors\/vectors\.bin in memory:\/\/test is not what the stage embed wrote: its SHA-256 is \w{64}, \w{64} was noted\. .*train a new run\.$/,
      ),
    };
    await rm(join(folder, 'vectors'));
    await expect(stage().get(VECTORS)).rejects.toMatchObject(refusal);
    await expect(stage().download(VECTORS, join(folder, 'vectors'))).rejects.toMatchObject(refusal);
    expect(await readdir(folder)).toEqual([]);
  });

  it('is checked by the record of its own item where the writer runs over items', async () => {
    const key = trialKey('run-1', 'candidate-2');
    await record('backtest', { [key]: { sha256: sha256('trial'), sizeBytes: 5 } }, 'candidate-2');
    await memory.put(key, 'trial');
    expect(await textOf(stage(), key)).toBe('trial');
    await memory.put(key, 'trail');
    await expect(stage().get(key)).rejects.toThrow(ArtifactError);
  });

  it('of another run is checked by that run', async () => {
    const key = artifactKey('run-0', 'serving');
    await record('publish', { [key]: { sha256: sha256('index'), sizeBytes: 5 } }, undefined, 'run-0');
    await memory.put(key, 'index of somebody else');
    await expect(stage().get(key)).rejects.toThrow('is not what the stage publish wrote');
  });

  it('that the stage wrote itself must have come back as it went in', async () => {
    const store = stage();
    await store.put(VECTORS, 'as written');
    await memory.put(VECTORS, 'torn');
    await expect(store.get(VECTORS)).rejects.toThrow('is not what this stage wrote');
  });

  it('is taken as it is from release 0.1.0, whose records have no SHA-256, and where there is no record', async () => {
    await memory.put(VECTORS, 'anything');
    expect(await textOf(stage(), VECTORS)).toBe('anything');
    await record('embed', undefined);
    expect(await textOf(stage(), VECTORS)).toBe('anything');
    expect(await stage().get(artifactKey('run-1', 'corpus'))).toBeUndefined();
  });
});
