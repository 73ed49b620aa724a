/**
 * Which candidate settings are tried in a shop of so many views, how long the training of each is expected to take on one
 * thread, and which are skipped: the plan of preset `tuned`, or with another budget.
 *
 *     node scripts/bench/candidates.ts [--views 24000,500000,4000000] [--search-seconds 150]
 */
import { parseArgs } from 'node:util';
import { PRESETS, type TrainingSettings } from '../../engine/artifacts/training-request.ts';
import { planExperiments } from '../../engine/evaluation/plan-experiments.ts';
import { estimateSeconds } from '../../engine/word2vec/training-seconds.ts';

const { values: options } = parseArgs({
  options: {
    views: { type: 'string', default: '24000,500000,4000000' },
    'search-seconds': { type: 'string', default: String(PRESETS.tuned.search_seconds) },
  },
});
const VIEWS_A_SESSION = 7;
const settings: TrainingSettings = { ...PRESETS.tuned, search_seconds: Number(options['search-seconds']) };

for (const views of options.views.split(',').map(Number)) {
  const sessionCount = Math.floor(views / VIEWS_A_SESSION);
  const offsets = Uint32Array.from({ length: sessionCount + 1 }, (_, session) => session * VIEWS_A_SESSION);
  const plan = planExperiments({ offsets, views: new Uint32Array(0) }, settings);
  const trained = offsets[plan.validationStart] - offsets[plan.firstSession];
  console.log(
    `${views.toLocaleString('en-US')} views, ${trained.toLocaleString('en-US')} of them to train on: ` +
      `${plan.candidates.length} tried, ${plan.skippedCandidates} skipped (search_seconds ${settings.search_seconds})\n`,
  );
  console.log('| candidate | expected | |\n|---|---|---|');
  const describe = ({ sg, vector_size, window, direction, negative, epochs }: TrainingSettings) =>
    `${sg === 1 ? 'skip-gram' : 'CBOW'}, ${vector_size} dimensions, window ${window} ${direction}, ${negative} negatives, ${epochs} epochs`;
  for (const candidate of plan.candidates) {
    const seconds = estimateSeconds(trained, candidate.settings);
    console.log(`| ${describe({ ...settings, ...candidate.settings })} | ${seconds.toFixed(1)} s | tried |`);
  }
  for (const { settings: skipped, estimatedSeconds, reason } of plan.skipped ?? []) {
    console.log(`| ${describe({ ...settings, ...skipped })} | ${estimatedSeconds.toFixed(1)} s | skipped: ${reason} |`);
  }
  console.log('');
}
