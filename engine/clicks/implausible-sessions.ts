import quickselect from 'quickselect';
import { offsetsOf } from '../numeric/grouping.ts';
import type { OrderedViews } from './order-views.ts';

/** Why a session is not taken for a shopper's. */
type Implausibility = 'length' | 'share' | 'pace' | 'duration';

export interface LeftOut {
  reason: Implausibility;
  /** In words, with the limit that this clickstream has. */
  rule: string;
  sessions: number;
  views: number;
}

export interface PlausibleViews {
  ordered: OrderedViews;
  /** Only the rules that met a session; each session once, under the first rule that it meets. */
  leftOut: LeftOut[];
  /** Sentences about rules that would have met too many sessions to be applied. */
  notes: string[];
}

/**
 * A session is too long beyond Tukey's outer fence on the logarithms of the lengths, upper · (upper / lower)^3 with the
 * two quartiles, or 25 upper quartiles. The e-shop file's 18,984 sessions have at most 195 views and may have 250,
 * Diginetica's 186,670 at most 70 and may have 150.
 */
const LENGTH = { fence: 3, quartiles: 25, least: 50 };
/** Shorter ones are left out where they would be heard above everybody else. */
const SHARE = { ofViews: 0.1, quartiles: 5, least: 50 };
/** Nobody looks at so many products with less than a second for each; nor ten times as fast as half of the shoppers. */
const PACE = { fewestViews: 30, slowestGapMs: 1_000, ofMedianGap: 0.1 };
/** Where so many sessions begin and end at the same moment, the times are too coarse to show a pace. */
const MOST_WITHOUT_DURATION = 0.2;
const DAY_MS = 86_400_000;
/** Dates alone make a session over midnight last a day. */
const DURATION = { leastMs: 2 * DAY_MS, quartiles: 20 };
/** What more sessions do is what sessions are in this clickstream. */
const MOST_SESSIONS = { pace: 0.25, duration: 0.05 };

interface Rule {
  reason: Implausibility;
  text: string;
  meets(session: number): boolean;
}

/**
 * Leaves out the sessions that no shopper can have made. The limits are made of quartiles, which crawlers cannot
 * move unless they make a quarter of the sessions.
 */
export function leaveOutImplausible(ordered: OrderedViews): PlausibleViews {
  const lengths = lengthsOf(ordered);
  const notes: string[] = [];
  const rules = [...lengthRules(lengths), ...timeRules(ordered, lengths, notes)];
  const found = new Map<Rule, LeftOut>();
  const isKept = new Uint8Array(lengths.length).fill(1);
  for (let session = 0; session < lengths.length; session++) {
    const rule = rules.find(({ meets }) => meets(session));
    if (rule === undefined) continue;
    isKept[session] = 0;
    const leftOut = found.get(rule) ?? { reason: rule.reason, rule: rule.text, sessions: 0, views: 0 };
    leftOut.sessions++;
    leftOut.views += lengths[session];
    found.set(rule, leftOut);
  }
  return { ordered: found.size === 0 ? ordered : keepSessions(ordered, isKept), leftOut: [...found.values()], notes };
}

function lengthRules(lengths: Uint32Array): Rule[] {
  const [lower, quartile] = quantiles(lengths, [0.25, 0.75]);
  const fence = quartile * (quartile / lower) ** LENGTH.fence;
  const views = lengths.reduce((sum, length) => sum + length, 0);
  const longest = Math.floor(Math.max(LENGTH.least, Math.min(fence, LENGTH.quartiles * quartile)));
  const loud = Math.max(SHARE.least, SHARE.quartiles * quartile, SHARE.ofViews * views);
  return [
    {
      reason: 'length',
      text: `more than ${count(longest)} views, where three quarters of the sessions have ${count(quartile)} or fewer`,
      meets: (session) => lengths[session] > longest,
    },
    {
      reason: 'share',
      text: `more than ${100 * SHARE.ofViews} % of all views in one session`,
      meets: (session) => lengths[session] > loud,
    },
  ];
}

function timeRules({ startTimesMs, endTimesMs }: OrderedViews, lengths: Uint32Array, notes: string[]): Rule[] {
  if (startTimesMs === undefined || endTimesMs === undefined) return [];
  const durations = startTimesMs.map((start, session) => endTimesMs[session] - start);
  const rules: Rule[] = [];
  const hits = (rule: Rule) => lengths.reduce((sum, _, session) => sum + (rule.meets(session) ? 1 : 0), 0);

  const gaps = durations.map((duration, session) => duration / (lengths[session] - 1));
  const limitMs = Math.min(PACE.slowestGapMs, PACE.ofMedianGap * quantiles(gaps, [0.5])[0]);
  const pace: Rule = {
    reason: 'pace',
    text: `${PACE.fewestViews} views or more with less than ${count(limitMs)} ms for each`,
    meets: (session) => lengths[session] >= PACE.fewestViews && gaps[session] < limitMs,
  };
  const withoutDuration = durations.reduce((sum, duration) => sum + (duration === 0 ? 1 : 0), 0);
  if (withoutDuration <= MOST_WITHOUT_DURATION * lengths.length && hits(pace) <= MOST_SESSIONS.pace * lengths.length) {
    rules.push(pace);
  }

  const longestMs = Math.max(DURATION.leastMs, DURATION.quartiles * quantiles(durations, [0.75])[0]);
  const duration: Rule = {
    reason: 'duration',
    text: `lasting more than ${count(longestMs / DAY_MS)} days`,
    meets: (session) => durations[session] > longestMs,
  };
  if (hits(duration) <= MOST_SESSIONS.duration * lengths.length) rules.push(duration);
  const ofDays = durations.reduce((sum, ms) => sum + (ms > DURATION.leastMs ? 1 : 0), 0);
  if (ofDays > MOST_SESSIONS.duration * lengths.length) {
    notes.push(
      `${count(ofDays)} of ${count(lengths.length)} sessions last more than ${DURATION.leastMs / DAY_MS} days: their ids seem to be ` +
        'those of users, or to be used again. A session is one visit: cut them at pauses with --gap 30m.',
    );
  }
  return rules;
}

function lengthsOf({ sessionNumbers, sessionIds }: OrderedViews): Uint32Array {
  const lengths = new Uint32Array(sessionIds.length);
  for (let view = 0; view < sessionNumbers.length; view++) lengths[sessionNumbers[view]]++;
  return lengths;
}

function keepSessions(ordered: OrderedViews, isKept: Uint8Array): OrderedViews {
  const { sessionNumbers, productNumbers, weights } = ordered;
  const newNumber = offsetsOf(isKept);
  const isKeptView = (_: number, i: number) => isKept[sessionNumbers[i]] === 1;
  const isKeptSession = (_: unknown, session: number) => isKept[session] === 1;
  return {
    ...ordered,
    sessionNumbers: sessionNumbers.filter(isKeptView).map((session) => newNumber[session]),
    productNumbers: productNumbers.filter(isKeptView),
    weights: weights?.filter(isKeptView),
    sessionIds: ordered.sessionIds.filter(isKeptSession),
    startTimesMs: ordered.startTimesMs?.filter(isKeptSession),
    endTimesMs: ordered.endTimesMs?.filter(isKeptSession),
  };
}

/** The nearest rank of each share: the smallest value that is not below that share of them. 0 of none. */
function quantiles(values: Uint32Array | Float64Array, shares: readonly number[]): number[] {
  const partlySorted = values.slice();
  return shares.map((share) => {
    const place = Math.max(0, Math.ceil(share * values.length) - 1);
    // Sorting all of two million takes eight times as long.
    if (place < values.length) quickselect(partlySorted as unknown as number[], place);
    return partlySorted[place] ?? 0;
  });
}

const count = (value: number) => value.toLocaleString('en-US', { maximumFractionDigits: 1 });
