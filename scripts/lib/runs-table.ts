import type { Manifest } from '../../engine/artifacts/manifest.ts';
import type { RunReport } from '../../engine/evaluation/run-report.ts';
import type { RegisteredRun } from '../../lambdas/shared/runs/registry.ts';
import { alignColumns } from './align-columns.ts';

export interface RunFigures extends RegisteredRun {
  manifest: Manifest | undefined;
  report: RunReport | undefined;
}

export function tableOfRuns(runs: readonly RunFigures[]): string {
  if (runs.length === 0) return 'There are no runs yet. Train one: npm run train -- --help\n';
  const rows = [
    ['run', 'status', 'rows', 'products', 'preset', 'HR@20', 'MRR@20', 'verdict'],
    ...runs.map(({ runId, status, manifest, report }) => [
      runId,
      status,
      formatCount(manifest?.counts['rows']),
      formatCount(manifest?.counts['products']),
      manifest?.request.preset ?? '',
      gainOf(report, 'HR@20'),
      gainOf(report, 'MRR@20'),
      shorten(report?.verdict.reason ?? ''),
    ]),
  ];
  return `${alignColumns(rows, [2, 3, 5, 6]).join('\n')}\n`;
}

/** Every setting, count and input in which two runs differ, and how they fared. */
export function compareRuns(a: RunFigures, b: RunFigures): string {
  const facts = [a, b].map(factsOf);
  const names = [...new Set(facts.flatMap((fact) => [...fact.keys()]))];
  const differing = names.filter((name) => facts[0].get(name) !== facts[1].get(name));
  const rows = [
    ['', a.runId, b.runId],
    ...differing.map((name) => [name, facts[0].get(name) ?? '–', facts[1].get(name) ?? '–']),
  ];
  const same = names.length - differing.length;
  return `${alignColumns(rows).join('\n')}\n${same} other settings, counts and inputs are the same.\n`;
}

function factsOf({ status, manifest, report }: RunFigures): Map<string, string> {
  const facts = new Map<string, string>([['status', status]]);
  manifest?.inputs.forEach(({ name, sha256 }) => {
    facts.set(`input ${name}`, sha256.slice(0, 12));
  });
  for (const [name, value] of Object.entries(manifest?.settings ?? {})) facts.set(`setting ${name}`, String(value));
  for (const [name, value] of Object.entries(manifest?.counts ?? {})) facts.set(`count ${name}`, formatCount(value));
  if (report !== undefined) facts.set('verdict', report.verdict.reason);
  for (const metric of ['HR@20', 'MRR@20'] as const) {
    if (gainOf(report, metric) !== '') facts.set(`held-out ${metric}`, gainOf(report, metric));
  }
  return facts;
}

/** Of the run's default strategy on the sessions held out for its report. */
function gainOf(report: RunReport | undefined, metric: 'HR@20' | 'MRR@20'): string {
  const backtest = report?.evaluation?.backtest ?? undefined;
  return backtest === undefined ? '' : backtest.evaluations[backtest.best].all[metric].value.toFixed(3);
}

/** The whole sentence is in report.json, and in a comparison of two runs. */
function shorten(reason: string): string {
  return reason.length > LONGEST_REASON ? `${reason.slice(0, LONGEST_REASON)}…` : reason;
}

const LONGEST_REASON = 70;

function formatCount(value: number | undefined): string {
  return value === undefined ? '' : value.toLocaleString('en-US', { maximumFractionDigits: 4 });
}
