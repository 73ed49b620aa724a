import { artifactKey } from '../../engine/artifacts/artifact-keys.ts';
import { decodeCorpus } from '../../engine/clicks/corpus.ts';
import { trainedOffsets } from '../../engine/clicks/heard-views.ts';
import { planExperiments } from '../../engine/evaluation/plan-experiments.ts';
import { stageHandler } from '../shared/stage-handler.ts';
import { putJson } from '../shared/store/artifact-store.ts';
import { notesOf } from './plan-notes.ts';

export const handler = stageHandler('plan', async ({ runId, store, artifact, settings }) => {
  const corpus = decodeCorpus(await artifact('corpus'));
  const plan = planExperiments({ ...corpus, offsets: trainedOffsets(corpus) }, settings);
  await putJson(store, artifactKey(runId, 'experiment_plan'), plan);
  return {
    artifacts: ['experiment_plan'],
    counts: {
      candidates: plan.candidates.length,
      ...(plan.skippedCandidates > 0 && { skippedCandidates: plan.skippedCandidates }),
    },
    details: { notes: notesOf(plan) },
    items: plan.candidates.map(({ id }) => id),
  };
});
