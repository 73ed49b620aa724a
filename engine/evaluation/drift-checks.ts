import type { Drift, Shape } from './drift.ts';
import type { Check, LiveFacts, RunFacts } from './gate-facts.ts';
import { count, percent } from './wording.ts';

/**
 * How far an input may be from that of the live model. Beside each limit: the furthest of the healthy inputs, and the
 * nearest harmful one that this check is for, of the e-shop file (`npm run test:gate` prints all of them).
 */
const LIMITS = {
  /** Of the live model's recent views. Healthy .98, the most viewed products lost, a sixth of the views .83. */
  keptViews: 0.9,
  /** Of our views. Healthy .96, ids rewritten for half of the views .50. */
  familiarViews: 0.6,
  /** Share of all views that one product may win. A placeholder for every third product .33. */
  risen: 0.1,
  /** The same, where it wins three times as much as any other: no season does. Healthy .00, 5,000 robots for one product .05. */
  risenAlone: 0.01,
  /** One of four categories three times as much liked .07, Diginetica's next months .04; ids off by one .17, exchanged .23 to .36. */
  popularity: 0.13,
  /** Healthy .96, sorted by product or order shuffled .0 to .1, reversed −.99. */
  direction: 0.3,
  /**
   * By sessions and by views. Healthy .00 (Diginetica .02), 5,000 robots of three views .12, a placeholder .07, two visitors to a
   * session .21.
   */
  lengths: 0.1,
  /** Healthy ±.01, sessions merged .5. */
  repeatShare: 0.15,
  /**
   * The same of new sessions, which are fewer. Healthy: next blocks of 50 to 3,000 sessions of Diginetica and of the e-shop file
   * up to .15, and repeats up to .18. In one week of the e-shop file: cut to five views .44, to two .81; another page before
   * each product .38.
   */
  newLengths: 0.25,
  newRepeatShare: 0.25,
  /** Twice the traffic by the same visitors .50, all sessions alike 1. */
  alikeShare: 0.6,
  /** Of the live model's sessions a day, either way; half and twice the traffic are healthy. */
  traffic: 4,
  /** Of its sessions, where there is no time to tell by. */
  sessions: 0.45,
  /** Of all rows, in sessions that no shopper made and that were left out: with more the rest is not to be trusted either. */
  leftOut: 0.5,
  /** Of all rows, more than before with a placeholder for an id. A tenth is common, a third made a model of .65 in place of .69. */
  placeholders: 0.2,
  /** Of our newest sessions the live model has seen, while we lack its newest ones: the export is an old one. */
  old: 0.5,
} as const;

/** An export may end some hours earlier than the one before. */
const DAY_MS = 86_400_000;

/** Whether the input is of the kind that the live model has learned from. */
export function driftChecks(candidate: RunFacts, { manifest, drift, runId }: LiveFacts): Check[] {
  if (drift === undefined) {
    return [{ name: 'live model', passed: true, finding: `the index of live run ${runId} cannot be read` }];
  }
  return [
    ...(manifest === undefined
      ? []
      : [shoppers(candidate, manifest), ids(candidate, manifest), ...periodChecks(candidate, manifest)]),
    ...productChecks(drift),
    ...sessionChecks(drift),
  ];
}

/** @param ifNot what a figure that fails points to; left out where it passes. */
function check(name: string, passed: boolean, figures: string, ifNot = ''): Check {
  return { name, passed, finding: passed || ifNot === '' ? figures : `${figures}: ${ifNot}` };
}

function shoppers(candidate: RunFacts, live: RunFacts): Check {
  const [ours, theirs] = [candidate, live].map(({ counts }) => (counts['implausibleViews'] ?? 0) / counts['rows']);
  return check(
    'shoppers',
    !(ours > Math.max(LIMITS.leftOut, theirs)),
    `${percent(ours)} of its rows were left out as no shopper's, of the live run's ${percent(theirs)}`,
  );
}

function ids(candidate: RunFacts, live: RunFacts): Check {
  const [ours, theirs] = [candidate, live].map(({ counts }) => {
    const placeholders = counts['placeholderRows'] ?? 0;
    return placeholders === 0 ? 0 : placeholders / (counts['rows'] + placeholders);
  });
  return check(
    'ids there',
    ours - theirs <= LIMITS.placeholders,
    `${percent(ours)} of its rows have a placeholder in place of an id, of the live run's ${percent(theirs)}`,
    'the tracking has broken',
  );
}

function periodChecks(candidate: RunFacts, live: RunFacts): Check[] {
  const [ours, theirs] = [candidate.lineage.period, live.lineage.period];
  const [sessions, theirSessions] = [candidate.counts['sequences'], live.counts['sequences']];
  if (ours === null || theirs === null) {
    return [
      check(
        'size of the input',
        !(sessions < LIMITS.sessions * theirSessions),
        `the input has ${count(sessions)} sessions, that of the live run ${count(theirSessions)}`,
      ),
    ];
  }
  const [perDay, theirsPerDay] = [sessions / days(ours), theirSessions / days(theirs)];
  return [
    check(
      'as new as the live model',
      Date.parse(ours.to) >= Date.parse(theirs.to) - DAY_MS,
      `its newest session began ${ours.to}, that of the live run ${theirs.to}`,
      'the export is an old one, or was cut',
    ),
    check(
      'traffic',
      !(perDay * LIMITS.traffic < theirsPerDay || perDay > LIMITS.traffic * theirsPerDay),
      `it has ${count(perDay)} sessions a day, that of the live run ${count(theirsPerDay)}`,
    ),
  ];
}

function productChecks({ keptViews, familiarViews, risen, popularity, turnover }: Drift): Check[] {
  const [smallestKept, smallestFamiliar] = [LIMITS.keptViews * turnover.kept, LIMITS.familiarViews * turnover.familiar];
  const isSpreadAlike = popularity <= LIMITS.popularity;
  return [
    check(
      'products kept',
      keptViews >= smallestKept,
      `it knows the products of ${percent(keptViews)} of the live model's recent views (${percent(smallestKept)} are needed)`,
      'products are missing, or their ids have changed',
    ),
    check(
      'products familiar',
      familiarViews >= smallestFamiliar,
      `${percent(familiarViews)} of its views are of products that the live model knows (${percent(smallestFamiliar)} are needed)`,
    ),
    check(
      'no product takes over',
      risen.by <= (risen.by >= 3 * risen.next ? LIMITS.risenAlone : LIMITS.risen),
      `product ${JSON.stringify(risen.productId)} has ${percent(risen.to)} of all views, in the live model ${percent(risen.from)}`,
      'a placeholder, or robots',
    ),
    check(
      'popularity',
      isSpreadAlike,
      `views are spread over the products ${isSpreadAlike ? 'as' : 'otherwise than'} in the live model (distance ${popularity.toFixed(2)}, ${LIMITS.popularity} at most)`,
    ),
  ];
}

function sessionChecks({ direction, shape, unseen, alikeShare, seenShare, containedShare }: Drift): Check[] {
  return [
    orderCheck(direction, 'order of views', ''),
    ...shapeChecks(shape, 'sessions', LIMITS.lengths, LIMITS.repeatShare),
    ...(unseen === undefined
      ? []
      : [
          orderCheck(unseen.direction, 'order of views in new sessions', 'of what began after its last session, '),
          ...shapeChecks(unseen.shape, 'new sessions', LIMITS.newLengths, LIMITS.newRepeatShare),
        ]),
    check(
      'sessions alike',
      alikeShare.ours - alikeShare.live <= LIMITS.alikeShare,
      `${percent(alikeShare.ours)} of the sessions repeat another view for view, in the live model ${percent(alikeShare.live)}`,
    ),
    check(
      'new sessions',
      !(seenShare > LIMITS.old && containedShare < LIMITS.old),
      `the live model has seen ${percent(seenShare)} of its newest sessions, and it has ${percent(containedShare)} of the live model's newest`,
      'the export is an old one, or was cut',
    ),
  ];
}

function orderCheck(direction: number | undefined, name: string, where: string): Check {
  if (direction === undefined) {
    const finding = `${where}too few pairs of products have a direction to compare the order by`;
    return { name, passed: true, finding };
  }
  return check(
    name,
    direction >= LIMITS.direction,
    `${where}${percent(direction)} of the direction between frequent pairs is left`,
    direction < -LIMITS.direction ? 'the order is reversed' : 'the order is lost',
  );
}

/** @param what the sessions are called. */
function shapeChecks(
  { lengths, viewLengths, repeatShare }: Shape,
  what: string,
  mostLengths: number,
  mostRepeats: number,
): Check[] {
  const furthest = Math.max(lengths, viewLengths);
  const areAsLong = furthest <= mostLengths;
  return [
    check(
      `lengths of ${what}`,
      areAsLong,
      `${what} are ${areAsLong ? 'as long as' : 'of other lengths than'} the live model's (distance ${furthest.toFixed(2)}, ${mostLengths} at most)`,
      'merged, cut, or robots',
    ),
    check(
      `repeated views in ${what}`,
      Math.abs(repeatShare.ours - repeatShare.live) <= mostRepeats,
      `${percent(repeatShare.ours)} of the steps in ${what} lead to a product viewed before, in the live model ${percent(repeatShare.live)}`,
      repeatShare.ours > repeatShare.live
        ? 'sessions were merged, or other pages or repeats are logged as views'
        : 'sessions were cut, or views are missing',
    ),
  ];
}

function days({ from, to }: { from: string; to: string }): number {
  return Math.max(1, (Date.parse(to) - Date.parse(from)) / DAY_MS);
}
