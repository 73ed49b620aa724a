import { trialKey } from '../../engine/artifacts/artifact-keys.ts';
import { decodeCorpus } from '../../engine/clicks/corpus.ts';
import { InputError } from '../../engine/errors.ts';
import { gainCounts } from '../../engine/evaluation/evaluate.ts';
import { experimentPlanSchema } from '../../engine/evaluation/experiment-plan.ts';
import type { Trial } from '../../engine/evaluation/run-evaluation.ts';
import { vectorTrainer } from '../../engine/evaluation/train-model.ts';
import { settingsToTry } from '../../engine/evaluation/trial-epochs.ts';
import { tryCandidate } from '../../engine/evaluation/try-candidate.ts';
import { startKernelThreads } from '../shared/kernel-threads.ts';
import { stageHandler } from '../shared/stage-handler.ts';
import { putJson } from '../shared/store/artifact-store.ts';

export const handler = stageHandler('backtest', async ({ runId, store, artifact, artifactJson, item }) => {
  const plan = await artifactJson('experiment_plan', experimentPlanSchema);
  const candidate = plan.candidates.find(({ id }) => id === item);
  if (candidate === undefined) {
    throw new InputError(`The plan of run ${runId} has no candidate ${JSON.stringify(item)}: start the run again.`);
  }
  const corpus = decodeCorpus(await artifact('corpus'));
  const startedAtMs = performance.now();
  const tried = settingsToTry(corpus, plan, candidate);
  const evaluation = await tryCandidate(corpus, plan, candidate, vectorTrainer(tried, startKernelThreads));
  const trial: Trial = {
    candidate: candidate.id,
    settings: candidate.settings,
    epochs: tried.epochs,
    evaluation,
    seconds: (performance.now() - startedAtMs) / 1000,
  };
  await putJson(store, trialKey(runId, candidate.id), trial);
  return {
    artifacts: [],
    counts: { positions: evaluation.positions, ...gainCounts(evaluation, ['NDCG@20'], candidate.settings.question) },
  };
});
