import { type ArtifactName, artifactKey } from '../../engine/artifacts/artifact-keys.ts';
import { encodeProductAttributes } from '../../engine/attributes/product-attributes.ts';
import { decodeCorpus } from '../../engine/clicks/corpus.ts';
import { trainedOffsets } from '../../engine/clicks/heard-views.ts';
import type { ExperimentPlan } from '../../engine/evaluation/experiment-plan.ts';
import { planExperiments } from '../../engine/evaluation/plan-experiments.ts';
import { stageHandler } from '../shared/stage-handler.ts';
import { putJson } from '../shared/store/artifact-store.ts';
import { notesOf } from './plan-notes.ts';
import { findAttributes } from './product-attributes.ts';

export const handler = stageHandler('plan', async ({ runId, store, artifact, settings }) => {
  const corpus = decodeCorpus(await artifact('corpus'));
  const { attributes, listedProducts, note } = await findAttributes(store, corpus.productIds);
  const plan: ExperimentPlan = {
    ...planExperiments({ ...corpus, offsets: trainedOffsets(corpus) }, settings),
    ...(attributes !== undefined && { catalogueVersion: attributes.catalogueVersion }),
  };
  const artifacts: ArtifactName[] = ['experiment_plan'];
  if (attributes !== undefined) {
    await store.put(artifactKey(runId, 'product_attributes'), encodeProductAttributes(attributes));
    artifacts.push('product_attributes');
  }
  await putJson(store, artifactKey(runId, 'experiment_plan'), plan);
  return {
    artifacts,
    counts: {
      candidates: plan.candidates.length,
      ...(listedProducts !== undefined && { listedProducts }),
      ...(plan.skippedCandidates > 0 && { skippedCandidates: plan.skippedCandidates }),
    },
    details: { notes: [...notesOf(plan), ...(note === undefined ? [] : [note])] },
    items: plan.candidates.map(({ id }) => id),
  };
});
