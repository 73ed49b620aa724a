import type { Reranker } from '../serving-index/reranker.ts';
import type { Strategy } from '../serving-index/strategy.ts';
import { type HeldOut, namedWeights, namesToTally, type Tallies, tallyOne } from './backtest.ts';
import { type BlendChoice, FEWEST_POSITIONS, fitBlend, fitChoices } from './fit-blend.ts';
import { trainReranker } from './fit-reranker.ts';
import { spread } from './positions.ts';
import { answerSessions, type Places } from './reference-sessions.ts';
import type { RunEvaluation } from './run-evaluation.ts';
import { joinTally, type Tally } from './tally.ts';
import { type BlendTallies, TALLIED_WITH_BLEND, tallyBlend } from './tally-blend.ts';

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
  /** By `LIKELY_BEST`. */
  places: Places[];
}

/** For publication: the index of a run knows all sessions, and so do its weights. */
export interface Refitted {
  blendWeights: RunEvaluation['blendWeights'];
  /** Undefined where the measured index has none. */
  reranker: Reranker | undefined;
}

/** What is learned from in one part of the sessions. */
export interface PartOfChoices {
  part: number;
  choices: BlendChoice[];
}

/** Of the blend and its parts, on one part of the sessions. */
export type BlendOutcome = { part: number } & BlendTallies;
/** Of something else, on all of them. */
export type OtherOutcome = { tally: [string, Tally] } | Pick<Measured, 'places'>;

/** The longest piece of work, cut so that no thread waits long for another one. */
const PARTS_OF_BLEND = 12;
const POSITIONS_TO_REFIT = 8_000;
/** The weights of the blend learn nothing from more; the network does. */
const MOST_CHOICES_FOR_WEIGHTS = 16_000;

/** Pieces of work that know nothing of each other. They come first: what is published is fitted on their choices. */
export function blendTasks({ index, later }: Measuring): (() => BlendOutcome)[] {
  return Array.from({ length: PARTS_OF_BLEND }, (_, part) => () => ({
    part,
    ...tallyBlend(index, later, { part, parts: PARTS_OF_BLEND }),
  }));
}

/** The rest, the longest ones first. */
export function otherTasks({ index, later, reference, seed }: Measuring): (() => OtherOutcome)[] {
  return [
    () => ({ places: answerSessions(index, LIKELY_BEST, reference, seed) }),
    ...namesToTally(index)
      .filter((name) => !isWithBlend(name))
      .map((name) => (): OtherOutcome => ({ tally: [name, tallyOne(index, name, later, seed)] })),
  ];
}

function isWithBlend(name: string): boolean {
  return (TALLIED_WITH_BLEND as readonly string[]).includes(name);
}

/** @param next (1) the first task that no thread has taken; several threads may share it. */
export function runTasks<Outcome>(tasks: readonly (() => Outcome)[], next: Int32Array = new Int32Array(1)): Outcome[] {
  const outcomes: Outcome[] = [];
  for (let task = Atomics.add(next, 0, 1); task < tasks.length; task = Atomics.add(next, 0, 1)) {
    outcomes.push(tasks[task]());
  }
  return outcomes;
}

/** Out of the outcomes, which have none from then on: they are a hundred megabytes. */
export function takeChoices(outcomes: readonly BlendOutcome[]): PartOfChoices[] {
  return outcomes.map((outcome) => {
    const { part, choices } = outcome;
    outcome.choices = [];
    return { part, choices };
  });
}

/** What a message hands over instead of copying it. */
export function transferablesOf(parts: readonly PartOfChoices[]): ArrayBuffer[] {
  return parts.flatMap(({ choices }) => choices.map(({ features }) => features.buffer as ArrayBuffer));
}

/** @param blends, others of every task, in any order. */
export function measuredOf(
  { index }: Pick<Measuring, 'index'>,
  blends: readonly BlendOutcome[],
  others: readonly OtherOutcome[],
): Measured {
  const inOrder = blends.toSorted((a, b) => a.part - b.part);
  const tallyOther = Object.fromEntries(others.flatMap((outcome) => ('tally' in outcome ? [outcome.tally] : [])));
  const tallyOf = (name: string) =>
    isWithBlend(name) ? joinTally(inOrder.map(({ tallies }) => tallies[name])) : tallyOther[name];
  return {
    tallies: Object.fromEntries(namesToTally(index).map((name) => [name, tallyOf(name)])),
    places: others.flatMap((outcome) => ('places' in outcome ? outcome.places : [])),
  };
}

/** @param parts of every task, in any order. */
export function refit({ index, later, blendWeights }: Measuring, parts: readonly PartOfChoices[]): Refitted {
  const choices = parts.toSorted((a, b) => a.part - b.part).flatMap((part) => part.choices);
  const fitted =
    choices.length >= FEWEST_POSITIONS
      ? { weights: fitChoices(spread(choices, MOST_CHOICES_FOR_WEIGHTS), blendWeights), choices }
      : fitBlend(index, later, POSITIONS_TO_REFIT, blendWeights);
  const isReranked = index.reranker !== undefined && fitted !== undefined;
  return {
    blendWeights: namedWeights(fitted?.weights ?? blendWeights),
    reranker: isReranked ? trainReranker({ ...index, blendWeights: fitted.weights }, fitted.choices) : undefined,
  };
}
