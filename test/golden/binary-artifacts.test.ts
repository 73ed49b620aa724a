import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeCorpus, encodeCorpus } from '../../engine/clicks/corpus.ts';
import { decodeClusterAssignments } from '../../engine/k-means/cluster-model.ts';
import { BLEND_FEATURES } from '../../engine/serving-index/blend-weights.ts';
import { roundedIndex } from '../../engine/serving-index/serving-index.ts';
import { decodeServingIndex, encodeServingIndex } from '../../engine/serving-index/serving-index-file.ts';
import { decodeProductVectors } from '../../engine/word2vec/product-vectors.ts';
import { RecordedHashes } from '../../lambdas/shared/runs/recorded-hashes.ts';
import { FileArtifactStore } from '../../lambdas/shared/store/file-artifact-store.ts';
import { GOLDEN_RELEASES } from './releases.ts';

describe.each(GOLDEN_RELEASES)('the files of release $version', ({ version, folder, runId, read }) => {
  const corpus = decodeCorpus(read('corpus'));
  const vectors = decodeProductVectors(read('vectors'));
  const clusterOf = decodeClusterAssignments(read('cluster_assignments'));
  const index = decodeServingIndex(read('serving'), runId);

  it('are read, and are of one model', () => {
    const { counts } = JSON.parse(read('manifest').toString());
    expect([corpus.sessionIds.length, corpus.productIds.length]).toEqual([counts.sequences, counts.products]);
    expect(corpus.productIds).toEqual(index.productIds);
    expect(corpus.viewCounts).toEqual(index.viewCounts);
    expect(corpus.startTimesMs!.length).toBe(corpus.sessionIds.length);
    expect(vectors.productIds).toEqual(corpus.productIds);
    expect(vectors.dimensions).toBe(counts.dimensions);
    expect(vectors.vectors).toEqual(index.vectors);
    expect(vectors.contextVectors).toEqual(index.contextVectors);
    expect(clusterOf).toEqual(index.clusterOf);
  });

  it('weigh the blend as the evaluation says, feature by feature', () => {
    const { blendWeights } = JSON.parse(read('evaluation').toString());
    // Features that are newer than the release weigh nothing.
    expect([...index.blendWeights]).toEqual(BLEND_FEATURES.map((feature) => blendWeights[feature] ?? 0));
    expect(BLEND_FEATURES).toEqual(expect.arrayContaining(Object.keys(blendWeights)));
  });

  it('are what the records of their stages say', async () => {
    const recorded = new RecordedHashes(new FileArtifactStore(folder));
    const files = readdirSync(join(folder, 'runs', runId), { recursive: true, withFileTypes: true });
    let compared = 0;
    for (const { parentPath, name } of files.filter((file) => file.isFile())) {
      const path = join(parentPath, name);
      await recorded.verify(relative(folder, path), () => {
        compared++;
        return createHash('sha256').update(readFileSync(path)).digest('hex');
      });
    }
    // The records of release 0.1.0 have no hashes.
    expect(compared).toBeGreaterThanOrEqual(version === '0.1.0' ? 0 : 12);
  });

  it('are the same written again by this release', () => {
    // What version 3 rounds, it rounds once.
    const rounded = roundedIndex(index);
    expect(decodeServingIndex(encodeServingIndex(index))).toEqual(rounded);
    expect(decodeServingIndex(encodeServingIndex(rounded))).toEqual(rounded);
    expect(decodeCorpus(encodeCorpus(corpus))).toEqual(corpus);
  });
});
