import { putJson } from '../shared/artifact-store.ts';
import { trialKey } from '../shared/artifacts.ts';
import { decodeCorpus } from '../shared/corpus.ts';
import { InputError } from '../shared/errors.ts';
import type { ExperimentPlan } from '../shared/experiment-plan.ts';
import { startKernelThreads } from '../shared/io/kernel-threads.ts';
import { stageHandler } from '../shared/io/stage-handler.ts';
import { modelTrainer } from './train-model.ts';
import { type Trial, tryCandidate } from './try-candidate.ts';

export const handler = stageHandler('backtest', async ({ runId, store, artifact, artifactJson, item }) => {
  const plan = await artifactJson<ExperimentPlan>('experiment_plan');
  const candidate = plan.candidates.find(({ id }) => id === item);
  if (candidate === undefined) {
    throw new InputError(`The plan of run ${runId} has no candidate ${JSON.stringify(item)}: start the run again.`);
  }
  const corpus = decodeCorpus(await artifact('corpus'));
  const startedAtMs = performance.now();
  const evaluation = await tryCandidate(corpus, plan, candidate, modelTrainer(candidate.settings, startKernelThreads));
  const trial: Trial = {
    candidate: candidate.id,
    settings: candidate.settings,
    evaluation,
    seconds: (performance.now() - startedAtMs) / 1000,
  };
  await putJson(store, trialKey(runId, candidate.id), trial);
  const { all } = evaluation;
  return {
    artifacts: [],
    counts: {
      positions: evaluation.positions,
      'HR@20': all['HR@20'].value,
      'MRR@20': all['MRR@20'].value,
      'NDCG@20': all['NDCG@20'].value,
    },
  };
});
