import type { Manifest } from '../artifacts/manifest.ts';
import type { Verdict } from '../evaluation/run-report.ts';
import { judgedGains } from './evaluate.ts';
import type { Backtest, LiveComparison } from './run-evaluation.ts';

/** All that the gate looks at. */
export interface GateFacts {
  /** Go live whatever the checks say. */
  force: boolean;
  candidate: Pick<Manifest, 'inputs' | 'settings' | 'codeVersion' | 'counts'>;
  backtest: Backtest | null;
  /** Undefined for the first run. */
  live: LiveFacts | undefined;
}

export interface LiveFacts {
  runId: string;
  /** Undefined when it cannot be read: then the checks against it pass, and say so. */
  manifest: Pick<Manifest, 'inputs' | 'settings' | 'codeVersion' | 'counts'> | undefined;
  /** Share of the live model's products that this run knows, too; undefined when its index cannot be read. */
  keptProductShare: number | undefined;
  comparison: LiveComparison | undefined;
}

/** A model that must be beaten to be worth serving. */
const RIVALS = ['popularity', 'cluster-sample'] as const;

/** An export that stopped halfway loses more than a shop loses from one training to the next. */
const SMALLEST_INPUT_SHARE = 0.5;
const SMALLEST_PRODUCT_SHARE = 0.5;

type Check = Verdict['checks'][number];

/** Decides whether a run goes live, and says why in one sentence. */
export function judge(facts: GateFacts): Verdict {
  const checks = [...inputChecks(facts), ...qualityChecks(facts)];
  const failed = checks.filter((check) => !check.passed);
  const sentence = (list: readonly Check[]) => list.map(({ finding }) => finding).join('; ');
  if (failed.length === 0) return { promoted: true, reason: `Promoted: ${sentence(checks)}.`, checks };
  if (facts.force) return { promoted: true, reason: `Promoted by force, although ${sentence(failed)}.`, checks };
  return { promoted: false, reason: `Refused: ${sentence(failed)}.`, checks };
}

function inputChecks({ candidate, live }: GateFacts): Check[] {
  if (live === undefined) return [{ name: 'first run', passed: true, finding: 'it is the first run' }];
  const { manifest, keptProductShare } = live;
  if (manifest === undefined) {
    return [{ name: 'live run', passed: true, finding: `the manifest of live run ${live.runId} cannot be read` }];
  }
  const fingerprint = ({ inputs, settings, codeVersion }: typeof manifest) =>
    JSON.stringify([inputs.map(({ sha256 }) => sha256).sort(), settings, codeVersion]);
  const isSame = fingerprint(candidate) === fingerprint(manifest);
  const rows = candidate.counts['rows'];
  const liveRows = manifest.counts['rows'];
  return [
    {
      name: 'new input',
      passed: !isSame,
      finding: isSame
        ? `the input is the same, byte for byte, as that of live run ${live.runId}, and so are settings and code`
        : 'input, settings or code are new',
    },
    {
      name: 'size of the input',
      passed: rows >= SMALLEST_INPUT_SHARE * liveRows,
      finding: `the input has ${count(rows)} rows, that of the live run ${count(liveRows)}`,
    },
    ...(keptProductShare === undefined
      ? []
      : [
          {
            name: 'products kept',
            passed: keptProductShare >= SMALLEST_PRODUCT_SHARE,
            finding: `it knows ${percent(keptProductShare)} of the live model's products`,
          },
        ]),
  ];
}

function qualityChecks({ backtest, live }: GateFacts): Check[] {
  if (backtest === null) return [{ name: 'backtest', passed: true, finding: 'it was not measured (backtest is off)' }];
  const { best, evaluations, leads } = backtest;
  const checks: Check[] = RIVALS.map((rival) => {
    const lead = leads[rival]?.['MRR@20'];
    return {
      name: `beats ${rival}`,
      passed: lead !== undefined && lead.low > 0,
      finding:
        lead === undefined
          ? `nothing is better than ${rival}`
          : `${best} leads ${rival} by ${signed(lead.value)} MRR@20 (95 % interval ${signed(lead.low)} to ${signed(lead.high)}, HR@20 ${judgedGains(evaluations[best])['HR@20'].value.toFixed(3)})`,
    };
  });
  if (live === undefined) return checks;
  const { comparison } = live;
  if (comparison === undefined) {
    checks.push({
      name: 'not worse than live',
      passed: true,
      finding:
        'it could not be compared with the live model (too few held-out sessions that the live model has not seen)',
    });
  } else {
    const { value, low, high } = comparison.difference['MRR@20'];
    checks.push({
      name: 'not worse than live',
      passed: high >= 0,
      finding: `on ${count(comparison.positions)} views that neither has seen it differs from the live model by ${signed(value)} MRR@20 (95 % interval ${signed(low)} to ${signed(high)})`,
    });
  }
  return checks;
}

const count = (value: number) => value.toLocaleString('en-US');
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
