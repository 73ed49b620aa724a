import { backtest } from '../backtest/backtest.ts';
import { modelTrainer } from '../backtest/train-model.ts';
import { chooseTrial, type Trial } from '../backtest/try-candidate.ts';
import { getJson, putJson } from '../shared/artifact-store.ts';
import { artifactKey, trialKey } from '../shared/artifacts.ts';
import { decodeCorpus } from '../shared/corpus.ts';
import type { ExperimentPlan } from '../shared/experiment-plan.ts';
import { startKernelThreads } from '../shared/io/kernel-threads.ts';
import { stageHandler } from '../shared/io/stage-handler.ts';
import type { RunEvaluation } from './run-evaluation.ts';

export const handler = stageHandler('evaluate', async ({ runId, store, artifact, artifactJson, settings }) => {
  const plan = await artifactJson<ExperimentPlan>('experiment_plan');
  const trials = (
    await Promise.all(plan.candidates.map(({ id }) => getJson<Trial>(store, trialKey(runId, id))))
  ).filter((trial) => trial !== undefined);
  const chosen = chooseTrial(trials);
  const measured =
    chosen === undefined
      ? null
      : await backtest(
          decodeCorpus(await artifact('corpus')),
          modelTrainer(chosen.settings, startKernelThreads),
          settings.seed,
          plan.testStart,
        );
  const evaluation: RunEvaluation = {
    settings: chosen?.settings ?? settings,
    trials,
    backtest: measured,
    comparison: null,
  };
  await putJson(store, artifactKey(runId, 'evaluation'), evaluation);
  const best = measured === null ? undefined : measured.evaluations[measured.best].all;
  return {
    artifacts: ['evaluation'],
    counts: { trials: trials.length, ...(best && { 'HR@20': best['HR@20'].value, 'MRR@20': best['MRR@20'].value }) },
  };
});
