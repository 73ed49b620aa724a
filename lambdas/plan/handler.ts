import { putJson } from '../shared/artifact-store.ts';
import { artifactKey } from '../shared/artifacts.ts';
import { decodeCorpus } from '../shared/corpus.ts';
import { stageHandler } from '../shared/io/stage-handler.ts';
import { planExperiments } from './plan-experiments.ts';

export const handler = stageHandler('plan', async ({ runId, store, artifact, settings }) => {
  const plan = planExperiments(decodeCorpus(await artifact('corpus')), settings);
  await putJson(store, artifactKey(runId, 'experiment_plan'), plan);
  return {
    artifacts: ['experiment_plan'],
    counts: { candidates: plan.candidates.length },
    items: plan.candidates.map(({ id }) => id),
  };
});
