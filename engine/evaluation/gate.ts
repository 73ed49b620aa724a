import { driftChecks } from './drift-checks.ts';
import type { Check, GateFacts, LiveFacts } from './gate-facts.ts';
import { leftOutChecks } from './left-out-check.ts';
import { qualityChecks } from './quality-checks.ts';
import type { Verdict } from './run-report.ts';

/** Decides whether a run goes live, and says why in one sentence. */
export function judge(facts: GateFacts): Verdict {
  const { live, evaluation } = facts;
  const quality = qualityChecks(evaluation, live);
  const drift = live === undefined ? [] : driftChecks(facts.candidate, live);
  const leftOut = leftOutChecks(facts.leftOut);
  const checks = [...firstRun(live), ...leftOut, ...drift, ...quality];
  const failed = checks.filter((check) => !check.passed);
  const sentence = (list: readonly Check[]) => list.map(({ finding }) => finding).join('; ');
  if (failed.length === 0) {
    const kind =
      live?.drift === undefined
        ? []
        : [{ finding: `its input is like the live model's (${drift.length} checks)` } as Check];
    const reason = `Promoted: ${sentence([...firstRun(live), ...leftOut, ...quality, ...kind, ...nothingNewer(facts)])}.`;
    return { promoted: true, outcome: 'promoted', reason, checks };
  }
  if (facts.force) {
    const reason = `Promoted by force, although ${sentence(failed)}.`;
    return { promoted: true, outcome: 'promoted', forced: true, reason, checks };
  }
  return { promoted: false, outcome: 'refused', reason: `Refused: ${sentence(failed)}.`, checks };
}

/** Other settings are tried on the same sessions; in any other run the tracking may have broken since. */
function nothingNewer({ candidate, live }: GateFacts): Check[] {
  const [ours, theirs] = [candidate.lineage.period, live?.manifest?.lineage.period ?? null];
  if (ours === null || theirs === null || Date.parse(ours.to) > Date.parse(theirs.to)) return [];
  const finding = `no session is newer than those of the live run, the newest of which began ${theirs.to}`;
  return [{ name: 'newer sessions', passed: true, finding }];
}

function firstRun(live: LiveFacts | undefined): Check[] {
  return live === undefined ? [{ name: 'first run', passed: true, finding: 'it is the first run' }] : [];
}
