import type { Strategy } from '../serving-index/strategy.ts';
import { type HeldOut, namedWeights, namesToTally, type Tallies, tallyOne } from './backtest.ts';
import { fitBlend } from './fit-blend.ts';
import { answerSessions, type Places } from './reference-sessions.ts';
import type { RunEvaluation } from './run-evaluation.ts';
import type { Tally } from './tally.ts';

/** What is to be known of a model that was trained on the earlier sessions. */
export interface Measuring extends Pick<HeldOut, 'index' | 'later' | 'blendWeights'> {
  seed: number;
  /** Of the sessions held out, for the runs to come: product ids, oldest first. */
  reference: readonly (readonly string[])[];
}

/** The strategy that the reference sessions are answered with before it is known which is best: it nearly always is. */
export const LIKELY_BEST = 'blend' satisfies Strategy;

export interface Measured {
  tallies: Tallies;
  /** For publication: the index of a run knows all sessions, and so do its weights. */
  blendWeights: RunEvaluation['blendWeights'];
  /** By `LIKELY_BEST`. */
  places: Places[];
}

type Outcome = { tally: [string, Tally] } | Pick<Measured, 'blendWeights'> | Pick<Measured, 'places'>;

const POSITIONS_TO_REFIT = 8_000;

/** Pieces of work that know nothing of each other, the longest ones first. */
export function tasksOf(measuring: Measuring): (() => Outcome)[] {
  const { index, later, blendWeights, reference, seed } = measuring;
  const tally = (name: string) => (): Outcome => ({ tally: [name, tallyOne(index, name, later, seed)] });
  const isLong = (name: string) => name === LIKELY_BEST;
  const names = namesToTally(index);
  return [
    ...names.filter(isLong).map(tally),
    () => ({
      blendWeights: namedWeights(fitBlend(index, later, POSITIONS_TO_REFIT, blendWeights) ?? blendWeights),
    }),
    () => ({ places: answerSessions(index, LIKELY_BEST, reference, seed) }),
    ...names.filter((name) => !isLong(name)).map(tally),
  ];
}

/** @param next (1) the first task that no thread has taken; several threads may share it. */
export function runTasks(tasks: readonly (() => Outcome)[], next: Int32Array = new Int32Array(1)): Outcome[] {
  const outcomes: Outcome[] = [];
  for (let task = Atomics.add(next, 0, 1); task < tasks.length; task = Atomics.add(next, 0, 1)) {
    outcomes.push(tasks[task]());
  }
  return outcomes;
}

/** @param outcomes of every task, in any order. */
export function measuredOf({ index }: Measuring, outcomes: readonly Outcome[]): Measured {
  const rest = Object.assign({}, ...outcomes) as Omit<Measured, 'tallies'>;
  const tallies = Object.fromEntries(outcomes.flatMap((outcome) => ('tally' in outcome ? [outcome.tally] : [])));
  return {
    tallies: Object.fromEntries(namesToTally(index).map((name) => [name, tallies[name]])),
    blendWeights: rest.blendWeights,
    places: rest.places,
  };
}
