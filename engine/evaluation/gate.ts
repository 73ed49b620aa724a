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
    const reason = `Promoted: ${sentence([...firstRun(live), ...leftOut, ...quality, ...kind])}.`;
    return { promoted: true, outcome: 'promoted', reason, checks };
  }
  if (facts.force) {
    const reason = `Promoted by force, although ${sentence(failed)}.`;
    return { promoted: true, outcome: 'promoted', forced: true, reason, checks };
  }
  return { promoted: false, outcome: 'refused', reason: `Refused: ${sentence(failed)}.`, checks };
}

function firstRun(live: LiveFacts | undefined): Check[] {
  return live === undefined ? [{ name: 'first run', passed: true, finding: 'it is the first run' }] : [];
}
