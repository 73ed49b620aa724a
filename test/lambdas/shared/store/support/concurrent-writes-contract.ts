import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ConflictError } from '../../../../../engine/errors.ts';
import {
  type ArtifactStore,
  putJson,
  type WriteCondition,
} from '../../../../../lambdas/shared/store/artifact-store.ts';
import { getJson } from '../../../../support/get-json.ts';
import { rethrowUnlessConflict, sha256, textOf } from './store-bodies.ts';

const WRITERS = 20;

/** The part of the artifact store's contract that concerns several writers and readers of one object. */
export function describeConcurrentWrites(store: () => ArtifactStore): void {
  describe('conditional writes', () => {
    test('ifAbsent writes once', async () => {
      const version = await store().put('current.json', '1', { ifAbsent: true });
      await expect(store().put('current.json', '2', { ifAbsent: true })).rejects.toThrow(ConflictError);
      expect(await store().get('current.json')).toMatchObject({ version });
      expect(textOf(await store().get('current.json'))).toBe('1');
      await store().delete('current.json');
      await store().put('current.json', '3', { ifAbsent: true });
    });

    test('ifVersion writes over exactly that version', async () => {
      const first = await store().put('current.json', '1');
      const second = await store().put('current.json', '2', { ifVersion: first });
      await expect(store().put('current.json', '3', { ifVersion: first })).rejects.toThrow(ConflictError);
      const third = await store().put('current.json', '3', { ifVersion: second });
      expect((await store().get('current.json'))!.version).toBe(third);
    });

    test('ifVersion loses against a deletion', async () => {
      const version = await store().put('current.json', '1');
      await store().delete('current.json');
      await expect(store().put('current.json', '2', { ifVersion: version })).rejects.toThrow(ConflictError);
      expect(await store().get('current.json')).toBeUndefined();
    });

    test('a conflict names the object, the condition and what to do', async () => {
      await store().put('current.json', '1');
      await expect(store().put('current.json', '2', { ifAbsent: true })).rejects.toThrow(
        /^Did not write current\.json in .*: there was to be nothing but .*Read it again and decide anew\.$/,
      );
    });
  });

  describe('concurrency', () => {
    test(`of ${WRITERS} writers with ifAbsent exactly one wins`, async () => {
      const outcomes = await race(store(), { ifAbsent: true });
      await expectOneWinner(store(), outcomes);
    });

    test(`of ${WRITERS} writers with ifVersion exactly one wins`, async () => {
      const version = await store().put('current.json', 'before');
      const outcomes = await race(store(), { ifVersion: version });
      await expectOneWinner(store(), outcomes);
    });

    test('no increment of a shared counter is lost', async () => {
      await putJson(store(), 'counter.json', 0);
      const increment = async () => {
        for (;;) {
          const { bytes, version } = (await store().get('counter.json'))!;
          const next = Number(Buffer.from(bytes).toString()) + 1;
          const done = await store()
            .put('counter.json', String(next), { ifVersion: version })
            .catch(rethrowUnlessConflict);
          if (done !== undefined) return;
        }
      };
      await Promise.all(Array.from({ length: 8 }, increment));
      expect(await getJson(store(), 'counter.json')).toBe(8);
    });

    test('readers during overwrites get one whole version, never a torn, empty or absent one', async () => {
      const bodies = Array.from({ length: 8 }, (_, i) => new Uint8Array(150_000 + i).fill(65 + i));
      const versions = new Map<string, string>();
      const write = async (body: Uint8Array) => versions.set(await store().put('current.bin', body), sha256(body));
      await write(bodies[0]);
      let writing = true;
      const writers = Promise.all(
        [0, 1].map(async (offset) => {
          for (let round = 0; round < 40; round++) await write(bodies[(round * 2 + offset) % bodies.length]);
        }),
      ).finally(() => {
        writing = false;
      });
      const seen: { version: string; sha256: string }[] = [];
      const readers = [1, 2, 3].map(async () => {
        while (writing) {
          const object = await store().get('current.bin');
          seen.push({ version: object!.version, sha256: sha256(object!.bytes) });
        }
      });
      await Promise.all([writers, ...readers]);
      expect(seen.length).toBeGreaterThan(0);
      for (const read of seen) expect(read.sha256).toBe(versions.get(read.version));
      expect((await store().list('')).map(({ key }) => key)).toEqual(['current.bin']);
    });

    test('a listing during writes shows finished objects only', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'alike-contract-'));
      onTestFinished(() => rm(folder, { recursive: true }));
      const local = join(folder, 'listed.bin');
      await writeFile(local, new Uint8Array(300_000));
      let writing = true;
      const writers = Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          i % 2 ? store().upload(`w/${i}`, local) : store().put(`w/${i}`, new Uint8Array(300_000)),
        ),
      ).finally(() => {
        writing = false;
      });
      while (writing) {
        for (const { key, size } of await store().list('')) {
          expect(key).toMatch(/^w\/\d+$/);
          expect(size).toBe(300_000);
        }
      }
      await writers;
      expect(await store().list('w/')).toHaveLength(20);
    });
  });
}

/** Everyone writes at once, each its own name. */
function race(store: ArtifactStore, condition: WriteCondition) {
  return Promise.allSettled(
    Array.from({ length: WRITERS }, (_, writer) => store.put('current.json', `writer ${writer}`, condition)),
  );
}

async function expectOneWinner(store: ArtifactStore, outcomes: PromiseSettledResult<string>[]): Promise<void> {
  const winners = outcomes.flatMap((outcome, writer) => (outcome.status === 'fulfilled' ? [writer] : []));
  const losses = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  expect(winners).toHaveLength(1);
  for (const loss of losses) expect(loss).toBeInstanceOf(ConflictError);
  const object = await store.get('current.json');
  expect(textOf(object)).toBe(`writer ${winners[0]}`);
  expect(outcomes[winners[0]]).toMatchObject({ value: object!.version });
}
