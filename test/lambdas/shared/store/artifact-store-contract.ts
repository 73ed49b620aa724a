import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ArtifactError, ConflictError, InputError } from '../../../../engine/errors.ts';
import { type ArtifactStore, putJson } from '../../../../lambdas/shared/store/artifact-store.ts';
import { getJson } from '../../../support/get-json.ts';
import { describeConcurrentWrites } from './support/concurrent-writes-contract.ts';
import { pseudoRandomBytes, rethrowUnlessConflict, sha256, textOf } from './support/store-bodies.ts';

const LARGE_BODY_BYTES = 20 * 1024 * 1024;

/** Keys that break naive URL, XML, shell or path handling, in UTF-8 byte order; UTF-16 would swap the last two. */
const UNUSUAL_KEYS = [
  'keys/ leading space',
  'keys/%2e%2e%2fescaped',
  'keys/+plus&amp;<xml>"quoted"\'',
  'keys/...three dots',
  'keys/a  b',
  'keys/a b/c?d#e',
  'keys/a-b',
  'keys/café',
  'keys/日本語/商品',
  'keys/～fullwidth tilde',
  'keys/😀 emoji',
];

/**
 * What every artifact store promises.
 *
 * @param openEmptyStore opens a store with nothing in it; called once a test.
 */
export function describeArtifactStoreContract(adapter: string, openEmptyStore: () => Promise<ArtifactStore>): void {
  describe(`${adapter} as an artifact store`, () => {
    let store: ArtifactStore;
    let folder: string;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'alike-contract-'));
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));
    beforeEach(async () => {
      store = await openEmptyStore();
    });

    describe('reading and writing', () => {
      test('gives back what was put, with the version that put returned', async () => {
        const body = Uint8Array.from({ length: 256 }, (_, i) => i);
        const version = await store.put('runs/r1/all-bytes.bin', body);
        const object = await store.get('runs/r1/all-bytes.bin');
        expect(Uint8Array.from(object!.bytes)).toEqual(body);
        expect(object!.version).toBe(version);
      });

      test('writes text as UTF-8', async () => {
        await store.put('note.txt', 'é😀');
        expect([...(await store.get('note.txt'))!.bytes]).toEqual([0xc3, 0xa9, 0xf0, 0x9f, 0x98, 0x80]);
      });

      test('keeps an empty object apart from none', async () => {
        await store.put('empty', '');
        expect((await store.get('empty'))!.bytes).toHaveLength(0);
        expect(await store.get('none')).toBeUndefined();
        expect(await store.get('empty/below')).toBeUndefined();
      });

      test('has no object at the beginning of a longer key', async () => {
        await store.put('runs/r1/report.json', '{}');
        expect(await store.get('runs/r1')).toBeUndefined();
        await store.delete('runs/r1');
        expect(await store.get('runs/r1/report.json')).toBeDefined();
      });

      test('overwrites, and changes the version with the bytes', async () => {
        const first = await store.put('a', 'one');
        const second = await store.put('a', 'two');
        expect(second).not.toBe(first);
        expect(textOf(await store.get('a'))).toBe('two');
      });

      test('writes JSON that reads back', async () => {
        await putJson(store, 'current.json', { runId: 'r1', previous: null });
        expect(await getJson(store, 'current.json')).toEqual({ runId: 'r1', previous: null });
        expect(await getJson(store, 'none.json')).toBeUndefined();
      });

      test('deletes, and takes the deletion of nothing for done', async () => {
        await store.put('a/b', 'x');
        await store.delete('a/b');
        await store.delete('a/b');
        await store.delete('never/was/there');
        expect(await store.get('a/b')).toBeUndefined();
        expect(await store.list('')).toEqual([]);
      });

      test('keeps a large body', async () => {
        const body = pseudoRandomBytes(LARGE_BODY_BYTES);
        await store.put('large.bin', body);
        const object = await store.get('large.bin');
        expect(object!.bytes).toHaveLength(LARGE_BODY_BYTES);
        expect(sha256(object!.bytes)).toBe(sha256(body));
      });

      test('gives a large body as it comes: what has arrived is there', async () => {
        const body = pseudoRandomBytes(LARGE_BODY_BYTES);
        await store.put('large.bin', body);
        const { bytes, arrived } = (await store.getArriving('large.bin'))!;
        expect(bytes).toHaveLength(LARGE_BODY_BYTES);
        for (const end of [1, 16, 1_000_000, LARGE_BODY_BYTES]) {
          await arrived(end);
          expect(sha256(bytes.subarray(0, end))).toBe(sha256(body.subarray(0, end)));
        }
      });

      test('gives an empty body as it comes, and none', async () => {
        await store.put('folder/empty', '');
        const empty = await store.getArriving('folder/empty');
        await empty!.arrived(0);
        expect(empty!.bytes).toHaveLength(0);
        expect(await store.getArriving('none')).toBeUndefined();
        expect(await store.getArriving('folder')).toBeUndefined();
      });
    });

    describe('files', () => {
      test.each([0, 1, 6_000_000, LARGE_BODY_BYTES])('carries a file of %i bytes up and down', async (size) => {
        const source = join(folder, 'source.bin');
        const target = join(folder, 'target.bin');
        await writeFile(source, pseudoRandomBytes(size));
        await store.upload('raw/file.bin', source);
        await store.download('raw/file.bin', target);
        expect(sha256(await readFile(target))).toBe(sha256(await readFile(source)));
        expect(await store.list('raw/')).toMatchObject([{ key: 'raw/file.bin', size }]);
      });

      test('replaces the local file on download, and the object on upload', async () => {
        const local = join(folder, 'replaced.txt');
        await writeFile(local, 'a longer text than the object has');
        await store.put('a.txt', 'short');
        await store.download('a.txt', local);
        expect(await readFile(local, 'utf8')).toBe('short');
        await writeFile(local, 'new');
        await store.upload('a.txt', local);
        expect(textOf(await store.get('a.txt'))).toBe('new');
      });

      test.each([11, LARGE_BODY_BYTES])('uploads %i bytes once, where there is nothing yet', async (size) => {
        const local = join(folder, 'once.bin');
        await writeFile(local, pseudoRandomBytes(size));
        await store.upload('once.bin', local, { ifAbsent: true });
        await writeFile(local, 'another');
        await expect(store.upload('once.bin', local, { ifAbsent: true })).rejects.toThrow(ConflictError);
        expect((await store.get('once.bin'))!.bytes).toHaveLength(size);
        await store.upload('once.bin', local, { ifVersion: (await store.get('once.bin'))!.version });
        expect(textOf(await store.get('once.bin'))).toBe('another');
      });

      test('refuses to download what is not there, and leaves no file', async () => {
        await expect(store.download('none.bin', join(folder, 'none.bin'))).rejects.toThrow(
          new ArtifactError(
            `There is no none.bin in ${store.uri}: check the key, or run the stage that writes it first.`,
          ),
        );
        expect((await readdir(folder)).filter((name) => name.startsWith('none'))).toEqual([]);
      });

      test('refuses to upload a file that is not there, and writes no object', async () => {
        await expect(store.upload('a', join(folder, 'missing'))).rejects.toThrow(/ENOENT.*missing/);
        expect(await store.list('')).toEqual([]);
      });
    });

    describe('listing', () => {
      test('finds what starts with the prefix, also in the middle of a name, in key order', async () => {
        for (const key of [
          'runs/r2/b',
          'runs/r1/z',
          'runs/r10/a',
          'runs.txt',
          'raw/x',
          'runs/r1/a/deep/er',
          'runs/r1-',
        ]) {
          await store.put(key, key);
        }
        const keysFor = async (prefix: string) => (await store.list(prefix)).map(({ key }) => key);
        expect(await keysFor('runs/r1')).toEqual(['runs/r1-', 'runs/r1/a/deep/er', 'runs/r1/z', 'runs/r10/a']);
        expect(await keysFor('runs/r1/')).toEqual(['runs/r1/a/deep/er', 'runs/r1/z']);
        expect(await keysFor('runs/r1/z')).toEqual(['runs/r1/z']);
        expect(await keysFor('run')).toEqual([
          'runs.txt',
          'runs/r1-',
          'runs/r1/a/deep/er',
          'runs/r1/z',
          'runs/r10/a',
          'runs/r2/b',
        ]);
        expect(await keysFor('')).toHaveLength(7);
        expect(await keysFor('nothing/')).toEqual([]);
        expect(await keysFor('raw/x/')).toEqual([]);
      });

      test('tells size and time', async () => {
        const beforeMs = Date.now();
        await store.put('a', 'é');
        const [{ size, modifiedAtMs }] = await store.list('');
        expect(size).toBe(2);
        // S3 keeps whole seconds, and its clock may differ a little from this one's.
        expect(Math.abs(modifiedAtMs - beforeMs)).toBeLessThan(60_000);
      });

      test('goes on past the 1,000 objects of one S3 page', async () => {
        const keys = Array.from({ length: 1_003 }, (_, i) => `many/${String(i).padStart(4, '0')}`);
        for (let start = 0; start < keys.length; start += 50) {
          await Promise.all(keys.slice(start, start + 50).map((key) => store.put(key, '')));
        }
        expect((await store.list('many/')).map(({ key }) => key)).toEqual(keys);
      });
    });

    describe('keys', () => {
      test('keeps unusual ones as they are and lists them in the order of their UTF-8 bytes', async () => {
        for (const key of UNUSUAL_KEYS.toReversed()) await store.put(key, `body of ${key}`);
        expect((await store.list('')).map(({ key }) => key)).toEqual(UNUSUAL_KEYS);
        for (const key of UNUSUAL_KEYS) expect(textOf(await store.get(key))).toBe(`body of ${key}`);
        const local = join(folder, 'unusual.txt');
        await store.download('keys/a b/c?d#e', local);
        await store.upload('keys/😀 emoji', local);
        expect(textOf(await store.get('keys/😀 emoji'))).toBe('body of keys/a b/c?d#e');
        for (const key of UNUSUAL_KEYS) await store.delete(key);
        expect(await store.list('')).toEqual([]);
      });

      test.each([
        ['', 'it is empty'],
        ['/etc/passwd', 'it starts with "/"'],
        ['runs/', 'it ends with "/"'],
        ['a//b', 'it has an empty name between two slashes'],
        ['../outside', 'it has the name ".."'],
        ['runs/../../outside', 'it has the name ".."'],
        ['runs/./a', 'it has the name "."'],
        ['runs\\..\\a', 'it has a control character or a backslash'],
        ['a\nb', 'it has a control character or a backslash'],
        ['a\0', 'it has a control character or a backslash'],
        ['a\uD83D', 'it has half of a surrogate pair, which UTF-8 cannot express'],
      ])('refuses %j', async (key, fault) => {
        const local = join(folder, 'refused');
        await writeFile(local, 'x');
        for (const operation of [
          () => store.get(key),
          () => store.put(key, 'x'),
          () => store.delete(key),
          () => store.upload(key, local),
          () => store.download(key, local),
        ]) {
          await expect(operation()).rejects.toThrow(
            new InputError(
              `The key ${JSON.stringify(key)} cannot name an artifact: ${fault}. Write it as names joined by single slashes, such as "runs/r1/report.json".`,
            ),
          );
        }
      });

      test.each(['/runs', 'a//', '../', 'runs/../x', './'])('refuses the prefix %j', async (prefix) => {
        await expect(store.list(prefix)).rejects.toThrow(InputError);
      });
    });

    describeConcurrentWrites(() => store);

    test('behaves like a map from keys to bytes', async () => {
      const operation = fc.record({
        action: fc.constantFrom('put', 'put if absent', 'put if unchanged', 'delete', 'list'),
        key: fc.constantFrom('a', 'b/c', 'b/ｄ', 'b/💡', 'd'),
        body: fc.string({ unit: 'binary', maxLength: 8 }).map((text) => text.toWellFormed()),
      });
      let round = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(operation, { maxLength: 12 }), async (operations) => {
          const prefix = `round${round++}/`;
          const model = new Map<string, string>();
          for (const { action, key: name, body } of operations) {
            const key = prefix + name;
            if (action === 'delete') {
              await store.delete(key);
              model.delete(key);
            } else if (action === 'list') {
              expect((await store.list(prefix)).map((summary) => summary.key).sort()).toEqual([...model.keys()].sort());
            } else if (action === 'put') {
              await store.put(key, body);
              model.set(key, body);
            } else {
              const found = await store.get(key);
              expect(textOf(found)).toBe(model.get(key));
              const isAllowed = (action === 'put if absent') === (found === undefined);
              const condition =
                action === 'put if absent' ? ({ ifAbsent: true } as const) : { ifVersion: found?.version ?? '"none"' };
              const written = await store.put(key, body, condition).catch(rethrowUnlessConflict);
              expect(written !== undefined).toBe(isAllowed);
              if (isAllowed) model.set(key, body);
            }
          }
          for (const [key, body] of model) expect(textOf(await store.get(key))).toBe(body);
        }),
        { numRuns: 25 },
      );
    });
  });
}
