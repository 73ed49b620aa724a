import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { type ArtifactName, artifactKey } from '../../engine/artifacts/artifact-keys.ts';
import {
  type Container,
  decodeContainer,
  encodeContainer,
  type Section,
} from '../../engine/artifacts/binary-container.ts';
import { decodeCorpus } from '../../engine/clicks/corpus.ts';
import { decodeViews } from '../../engine/clicks/views.ts';
import { decodeClusterAssignments } from '../../engine/k-means/cluster-model.ts';
import { buildServingIndex } from '../../engine/serving-index/serving-index.ts';
import { decodeServingIndex, encodeServingIndex } from '../../engine/serving-index/serving-index-file.ts';
import { decodeProductVectors } from '../../engine/word2vec/product-vectors.ts';
import { clustersOf, corpusOf, vectorsOf } from '../engine/ranking/example-index.ts';
import { GOLDEN_RELEASES } from './releases.ts';

const READER = join(import.meta.dirname, 'second_reader.py');
const PYTHON = ['python3', 'python'].find(
  (name) => spawnSync(name, ['-c', 'import sys; sys.exit(sys.version_info < (3, 8))']).status === 0,
);
const folder = mkdtempSync(join(tmpdir(), 'second-reader-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What the Python reader makes of files. */
function readByPython(...paths: string[]) {
  const output = execFileSync(PYTHON!, [READER, ...paths], { encoding: 'utf8', maxBuffer: 1 << 26 });
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const TYPE_CODES = {
  Float32Array: 'f',
  Float64Array: 'd',
  Int32Array: 'i',
  Uint32Array: 'I',
  Uint16Array: 'H',
  Uint8Array: 'B',
  Int8Array: 'b',
} as Record<string, string>;

function describeSection(section: Section) {
  const bytes = Buffer.from(section.buffer, section.byteOffset, section.byteLength);
  return [TYPE_CODES[section.constructor.name], section.length, createHash('sha256').update(bytes).digest('hex')];
}

function describeContainer({ kind, kindVersion, meta, sections }: Container) {
  return {
    kind,
    kindVersion,
    meta,
    sections: Object.fromEntries(Object.entries(sections).map(([name, section]) => [name, describeSection(section)])),
  };
}

const partsOf = <T>(offsets: Uint32Array, at: (i: number) => T): T[][] =>
  Array.from({ length: offsets.length - 1 }, (_, part) =>
    Array.from({ length: offsets[part + 1] - offsets[part] }, (_, i) => at(offsets[part] + i)),
  );

describe('the reader written from docs/formats.md in Python', () => {
  beforeEach(({ skip }) => skip(PYTHON === undefined, 'no Python 3.8 or newer: the second reader was not run'));

  it.each(GOLDEN_RELEASES)(
    'reads the files of release $version as this code does',
    ({ version, folder: golden, runId, read }) => {
      const names: ArtifactName[] = ['corpus', 'vectors', 'cluster_assignments', 'serving'];
      const found = readByPython(...names.map((name) => join(golden, artifactKey(runId, name))));
      found.forEach((container, i) => {
        expect(container).toMatchObject(describeContainer(decodeContainer(read(names[i]), container.kind, 99)));
      });
      const [corpusFound, vectorsFound, clustersFound, indexFound] = found;

    // Release 0.1.0 has none.
    if (version !== '0.1.0') {
      const [{ views: viewsFound }] = readByPython(join(golden, artifactKey(runId, 'views')));
      const { sessionIds, sessions, productIds: ids, products } = decodeViews(read('views'));
      expect(viewsFound).toEqual(Array.from(sessions, (session, view) => [sessionIds[session], ids[products[view]]]));
    }

      const corpus = decodeCorpus(read('corpus'));
      const views = partsOf(corpus.offsets, (i) => corpus.productIds[corpus.views[i]]);
      expect(corpusFound.sessions).toEqual(corpus.sessionIds.map((id, session) => [id, views[session]]));

      const { productIds, vectors, dimensions } = decodeProductVectors(read('vectors'));
      expect(vectorsFound.vectors).toEqual(
        Object.fromEntries(
          productIds.map((id, product) => [
            id,
            [...vectors.subarray(product * dimensions, (product + 1) * dimensions)],
          ]),
        ),
      );
      expect(clustersFound.clusterOf).toEqual([...decodeClusterAssignments(read('cluster_assignments'))]);

      const index = decodeServingIndex(read('serving'), runId);
      const { pairs, pastSessions } = index;
      expect(indexFound.clusters).toEqual(
        partsOf(index.clusterOffsets, (i) => index.productIds[index.clusterMembers[i]]),
      );
      expect(indexFound.together).toEqual(
        partsOf(pairs.offsets, (i) => [index.productIds[pairs.products[i]], pairs.together[i]]),
      );
      expect(indexFound.pastSessions).toEqual(
        partsOf(pastSessions.offsets, (i) => index.productIds[pastSessions.views[i]]),
      );
    },
  );

  it('reads an index of this code: what version 3 makes small', () => {
    const sessions = Array.from({ length: 60 }, (_, s) => Array.from({ length: 9 }, (_, i) => (s * i + 3 * i) % 24));
    const ids = Array.from({ length: 24 }, (_, product) => `Ä${product}`);
    const viewCounts = ids.map((_, product) => sessions.flat().filter((viewed) => viewed === product).length);
    const rows = ids.map((_, product) => [Math.sin(product), product / 3, -1e-3]);
    const index = buildServingIndex(
      corpusOf(ids, viewCounts, sessions),
      vectorsOf(ids, rows),
      clustersOf(ids.map((_, product) => product % 2), [[1, 0, 0], [0, 1, 0]]),
      'blend',
    );
    const path = join(folder, 'index.bin');
    writeFileSync(path, encodeServingIndex(index));
    const [found] = readByPython(path);
    const { pairs, pastSessions, dimensions } = index;
    const rowsOf = (values: Float32Array) =>
      ids.map((_, product) => [...values.subarray(product * dimensions, (product + 1) * dimensions)]);
    expect(new Set(pairs.together).size).toBeGreaterThan(3);
    expect(found).toMatchObject({
      kindVersion: 3,
      pairNext: [...pairs.next],
      pairFollowing: [...pairs.following],
      pairNearby: [...pairs.nearby],
      occurrences: [...pastSessions.occurrences],
      vectorRows: rowsOf(index.vectors),
      contextVectorRows: rowsOf(index.contextVectors),
      pastSessions: sessions.map((products) => products.map((product) => ids[product])),
      together: partsOf(pairs.offsets, (i) => [ids[pairs.products[i]], pairs.together[i]]),
    });
  });

  it('reads every type of section, an empty one and odd text', () => {
    const ids = ['\ufeffA', '', 'é', '👟'].map((id) => Buffer.from(id));
    const container: Container = {
      kind: 'vectors',
      kindVersion: 7,
      meta: { dimensions: 1, note: '\ufeffü' },
      sections: {
        vectors: Float32Array.of(1.5, -2, 3e-40, 3.4e38),
        f64: Float64Array.of(-0, Number.MIN_VALUE),
        i32: Int32Array.of(-1, 2 ** 31 - 1),
        u32: Uint32Array.of(2 ** 32 - 1),
        u16: Uint16Array.of(65_535),
        u8: Uint8Array.of(255),
        i8: Int8Array.of(-128),
        none: new Uint32Array(0),
        productIds: new Uint8Array(Buffer.concat(ids)),
        productIdOffsets: Uint32Array.of(0, 4, 4, 6, 10),
      },
    };
    const path = join(folder, 'odd.bin');
    writeFileSync(path, encodeContainer(container));
    const [found] = readByPython(path);
    expect(found).toMatchObject(describeContainer(container));
    expect(Object.keys(found.vectors)).toEqual(['\ufeffA', '', 'é', '👟']);
  });

  it('refuses what this code refuses: a bit more or less anywhere that counts', () => {
    const file = encodeContainer({
      kind: 'cluster-assignments',
      kindVersion: 1,
      meta: {},
      sections: { clusterOf: Uint32Array.of(1, 2, 3) },
    });
    for (const byte of [0, 9, 20, 60, file.length - 6, file.length - 1]) {
      const damaged = file.slice();
      damaged[byte] ^= 4;
      const path = join(folder, `damaged-${byte}.bin`);
      writeFileSync(path, damaged);
      const isTaken = spawnSync(PYTHON!, [READER, path]).status === 0;
      const isOurs = (() => {
        try {
          decodeContainer(damaged, 'cluster-assignments', 1);
          return true;
        } catch {
          return false;
        }
      })();
      expect([byte, isTaken]).toEqual([byte, isOurs]);
    }
  });
});
