import type { HeldOut } from '../../engine/evaluation/backtest.ts';
import { compareOnReference, compareWithReported } from '../../engine/evaluation/compare-on-reference.ts';
import { compareWithLive, FEWEST_NEW_SESSIONS, firstSessionAfter } from '../../engine/evaluation/compare-with-live.ts';
import type { Question } from '../../engine/evaluation/question.ts';
import { answerSessions } from '../../engine/evaluation/reference-sessions.ts';
import type { RunEvaluation } from '../../engine/evaluation/run-evaluation.ts';
import type { Strategy } from '../../engine/serving-index/strategy.ts';
import type { LiveModel } from './live-model.ts';

/**
 * Our measured model and the live one, on sessions that neither has seen and on those that the live one was measured on.
 *
 * @param strategy ours. @param startTimesMs of the sessions held out.
 */
export function compareWith(
  live: LiveModel,
  heldOut: HeldOut,
  strategy: Strategy,
  startTimesMs: Float64Array | undefined,
  seed: number,
): Pick<RunEvaluation, 'comparison' | 'reference' | 'notCompared'> {
  const onNew = onNewSessions(live, heldOut, strategy, startTimesMs, seed);
  return {
    ...onNew,
    ...(onNew.notCompared !== undefined &&
      live.question !== heldOut.question && {
        notCompared: `${onNew.notCompared}; on its own sessions it was asked about ${ASKED[live.question]}, this run about ${ASKED[heldOut.question]}`,
      }),
    reference: onReference(live, heldOut, strategy, seed),
  };
}

const ASKED: Record<Question, string> = { view: 'views', purchase: 'purchases' };

function onNewSessions(
  { runId, index, lastSessionMs }: LiveModel,
  heldOut: HeldOut,
  strategy: Strategy,
  startTimesMs: Float64Array | undefined,
  seed: number,
): Pick<RunEvaluation, 'comparison' | 'notCompared'> {
  if (startTimesMs === undefined || lastSessionMs === undefined) {
    return {
      comparison: null,
      notCompared: 'without a time of each session nobody knows which ones the live model has seen',
    };
  }
  const firstUnseen = firstSessionAfter(startTimesMs, lastSessionMs);
  const comparison = compareWithLive(heldOut, strategy, { runId, index }, firstUnseen, seed);
  if (comparison !== null) return { comparison };
  const found = startTimesMs.length - firstUnseen;
  return {
    comparison,
    notCompared: `${found} held-out sessions are newer than its last one of ${new Date(lastSessionMs).toISOString()}, ${FEWEST_NEW_SESSIONS} are needed`,
  };
}

/** @returns null, too, when the live model was asked about something else than ours: its answers say nothing about it. */
function onReference(
  { runId, reference, answered, question }: LiveModel,
  { index, question: ourQuestion }: HeldOut,
  strategy: Strategy,
  seed: number,
) {
  if (answered === undefined || reference.length === 0 || question !== ourQuestion) return null;
  const ours = answerSessions(index, strategy, reference, seed);
  return Array.isArray(answered)
    ? compareOnReference(runId, ours, answered, seed)
    : compareWithReported(runId, ours, answered, seed);
}
