import { artifactKey } from '../../engine/artifacts/artifact-keys.ts';
import { manifestSchema } from '../../engine/artifacts/manifest.ts';
import { PRESETS } from '../../engine/artifacts/training-request.ts';
import { decodeCorpus } from '../../engine/clicks/corpus.ts';
import { InputError } from '../../engine/errors.ts';
import { questionOf } from '../../engine/evaluation/backtest.ts';
import { indexOfEarlier } from '../../engine/evaluation/earlier-index.ts';
import { askedViews } from '../../engine/evaluation/question.ts';
import { sampleQuestions } from '../../engine/evaluation/reference-sessions.ts';
import {
  cutoffOf,
  measureRules,
  type PlacementEffect,
  type RulesEffect,
  type ShownLists,
} from '../../engine/evaluation/rules-effect.ts';
import type { RulesFile } from '../../engine/rules/rules-file.ts';
import type { LiveData } from '../../lambdas/recommend/live-data.ts';
import { rowsOf } from '../../lambdas/recommend/product-lookup.ts';
import { countOf } from '../../lambdas/recommend/recommend.ts';
import { type ArtifactStore, missingObject } from '../../lambdas/shared/store/artifact-store.ts';
import { readJsonArtifact } from '../../lambdas/shared/store/json-artifact.ts';
import { alignColumns } from '../lib/align-columns.ts';
import { answerAsServed, placementIn, underRules } from './answers.ts';

/** The newest tenth of the sessions, as in a backtest. */
const HELD_OUT_SHARE = 0.1;
/** About 5,000 questions: an interval of ±.01 around a difference of HR@20. */
const MOST_SESSIONS = 1_000;
/** With fewer the interval would say nothing. */
const FEWEST_SESSIONS = 50;
const SEED = 1;

/**
 * What a draft changes, measured on the newest sessions of the live run. The model is made to forget what it counted in
 * them: pairs, past sessions, views.
 *
 * @throws InputError when there are too few sessions. @throws ArtifactError when the run's corpus is gone.
 */
export async function measureEffect(
  store: ArtifactStore,
  live: LiveData,
  file: RulesFile,
  nowMs: number,
): Promise<RulesEffect> {
  const runId = live.model.version;
  const key = artifactKey(runId, 'corpus');
  const object = await store.get(key);
  if (object === undefined) throw missingObject(store, key);
  const corpus = decodeCorpus(object.bytes);
  const firstHeldOut = Math.floor(corpus.sessionIds.length * (1 - HELD_OUT_SHARE));
  const manifest = await readJsonArtifact(
    store,
    artifactKey(runId, 'manifest'),
    manifestSchema.pick({ settings: true }),
  );
  const { question, trending_half_life_days: halfLifeDays } = manifest?.settings ?? PRESETS.layer;
  const isAsked = askedViews(corpus, question);
  const sessions = sampleQuestions({ ...corpus, isAsked }, firstHeldOut, MOST_SESSIONS);
  if (sessions.length < FEWEST_SESSIONS) {
    throw new InputError(
      `Run ${runId} has ${sessions.length} sessions to ask about, and ${FEWEST_SESSIONS} are needed: train on a longer period.`,
    );
  }
  const index = indexOfEarlier(live.model.index, corpus, firstHeldOut, halfLifeDays);
  const before: LiveData = { ...live, model: { ...live.model, index } };
  const after = underRules(before, file, 'draft');
  const numberOf = live.catalogue?.catalogue.rowOf ?? index.numberOf;
  // What is given up depends on the count, too: each list is asked for as it is shown.
  const shownBy = (data: LiveData, placement: string | undefined, count: number): ShownLists => ({
    count,
    answer: (viewed) => {
      const { items } = answerAsServed(data, viewed, { placement, count, explain: false, nowMs });
      return rowsOf(
        data,
        items.map(({ productId }) => productId),
      );
    },
  });
  const placements = affectedPlacements(before, file).map((placement): PlacementEffect => {
    const ofLive = placementIn(before, placement);
    const isLive = ofLive === placement;
    const count = countOf(after, { placement });
    const lists = {
      live: shownBy(before, ofLive, isLive ? countOf(before, { placement }) : count),
      draft: shownBy(after, placement, count),
    };
    return { placement: placement ?? null, isLive, ...measureRules(sessions, lists, numberOf, SEED) };
  });
  return {
    runId,
    liveRules: live.rules?.version ?? null,
    at: new Date(nowMs).toISOString(),
    ...questionOf(question),
    placements,
  };
}

/** All of the draft's, and answers that name none where a rule applies to them. */
function affectedPlacements({ rules }: LiveData, { placements, rules: drafted }: RulesFile): (string | undefined)[] {
  const touchesAll = rules !== undefined || drafted.some((rule) => rule.placements === undefined);
  return [...(touchesAll ? [undefined] : []), ...Object.keys(placements)];
}

export function effectText(effect: RulesEffect): string {
  if (effect.placements.length === 0)
    return 'The draft has neither placements nor rules, and none are live: nothing changes.\n';
  const METRICS = ['HR', 'MRR', 'coverage'] as const;
  const rows = effect.placements.flatMap((placement) =>
    METRICS.map((metric, m) => {
      const { live, draft, difference } = placement[metric];
      return [
        m > 0 ? '' : (placement.placement ?? '(none named)'),
        metric === 'coverage' ? metric : `${metric}@${cutoffOf(placement)}`,
        live.value.toFixed(3),
        draft.value.toFixed(3),
        signed(difference.value),
        `${signed(difference.low)} … ${signed(difference.high)}`,
        verdictOf(difference),
      ];
    }),
  );
  const [{ sessions, questions }] = effect.placements;
  return [
    `${questions.toLocaleString('en-US')} questions of ${sessions.toLocaleString('en-US')} held-out sessions, model ${effect.runId}, rules in force at ${effect.at}`,
    '',
    ...alignColumns([['placement', 'figure', 'live', 'draft', 'change', '95 % interval', ''], ...rows], [2, 3, 4]),
    '',
    ...effect.placements.map(listsLine),
    '',
    `Live: ${effect.liveRules === null ? 'no rules' : `rules ${effect.liveRules}`}. HR@n is the share of ${effect.question === 'purchase' ? 'what is bought' : 'next views'} that stands in a list as it is shown, of n products,`,
    'MRR@n counts higher places more, coverage is the share of the catalogue that stands in at least one list. Each question is a session so far.',
    'The sessions are the newest tenth of those that the live model learned from. What it counted in them is taken out again; its vectors',
    'and weights have seen them, so both columns are a little too high. The change compares both on the same questions.',
    '',
  ].join('\n');
}

function listsLine(effect: PlacementEffect): string {
  const { placement, isLive, count, changedShare, shortShare } = effect;
  const name = placement ?? '(none named)';
  const sizes = `${count.draft} products${count.live === count.draft ? '' : ` (live ${count.live})`}`;
  const short =
    shortShare.draft > 0 ? `, ${percent(shortShare.draft)} have fewer (live ${percent(shortShare.live)})` : '';
  const against = isLive ? '' : '; it is not live, and is compared with answers that name no placement';
  return `${name}: lists are of ${sizes}, ${percent(changedShare)} of them change${short}${against}.`;
}

function verdictOf({ value, low, high }: { value: number; low: number; high: number }): string {
  if (value === 0 && low === 0 && high === 0) return 'no change';
  if (low > 0) return 'higher';
  return high < 0 ? 'lower' : 'not sure';
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
