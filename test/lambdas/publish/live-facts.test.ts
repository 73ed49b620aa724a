import { beforeEach, describe, expect, it } from 'vitest';
import { type ArtifactName, artifactKey, CURRENT_KEY } from '../../../engine/artifacts/artifact-keys.ts';
import { decodeCorpus } from '../../../engine/clicks/corpus.ts';
import { UnavailableError } from '../../../engine/errors.ts';
import { decodeServingIndex } from '../../../engine/serving-index/serving-index-file.ts';
import { gatherLiveFacts } from '../../../lambdas/publish/live-facts.ts';
import { putJson } from '../../../lambdas/shared/store/artifact-store.ts';
import { GOLDEN_RELEASES } from '../../golden/releases.ts';
import { MemoryArtifactStore } from '../../support/memory-artifact-store.ts';

const { runId: live, read } = GOLDEN_RELEASES.find(({ version }) => version === '0.2.0')!;
const NAMES = ['manifest', 'report', 'serving'] as const satisfies ArtifactName[];
const index = decodeServingIndex(read('serving'), live);
const corpus = decodeCorpus(read('corpus'));

let store: MemoryArtifactStore;
const gather = () => gatherLiveFacts(store, 'a-new-run', index, corpus);
beforeEach(async () => {
  store = new MemoryArtifactStore();
  for (const name of NAMES) await store.put(artifactKey(live, name), read(name));
  await putJson(store, CURRENT_KEY, { runId: live, publishedAt: '2026-11-26T00:00:00.000Z', previous: null });
});

it('GIVEN a sound live run THEN all of it is known, and its own sessions are all familiar', async () => {
  const facts = (await gather())!;
  expect([facts.runId, facts.manifest !== undefined, facts.evaluation !== undefined]).toEqual([live, true, true]);
  expect(facts.drift).toMatchObject({ keptViews: 1, familiarViews: 1 });
});

describe.each(NAMES)('GIVEN a live run whose %s', (name) => {
  it('is damaged THEN what needs it is left out', async () => {
    await store.put(artifactKey(live, name), read(name).subarray(0, 100));
    const facts = (await gather())!;
    const known = { manifest: facts.manifest, report: facts.evaluation, serving: facts.drift };
    for (const other of NAMES) expect([other, known[other] === undefined]).toEqual([other, other === name]);
  });

  it('does not come THEN the stage fails, and is tried again: without it nothing would be compared', async () => {
    store.beforeRead = (key) => {
      if (key === artifactKey(live, name)) throw new UnavailableError('S3 is busy.');
    };
    await expect(gather()).rejects.toThrow(UnavailableError);
  });
});
