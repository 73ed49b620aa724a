import { artifactKey } from '../../engine/artifacts/artifact-keys.ts';
import type { Manifest } from '../../engine/artifacts/manifest.ts';
import type { Quarantine } from '../../engine/artifacts/quarantine.ts';
import type { RunReport } from '../../engine/evaluation/run-report.ts';
import { type FailureReport, fixOf, resumeCommand } from '../../lambdas/report-failure/failure-report.ts';
import { type RegisteredRun, shownStatus } from '../../lambdas/shared/runs/registry.ts';
import { STOPPED } from '../../lambdas/shared/runs/stopped.ts';
import { alignColumns } from './align-columns.ts';
import { oneLine, printable } from './printable.ts';

export interface RunFigures extends RegisteredRun {
  manifest: Manifest | undefined;
  report: RunReport | undefined;
  /** Files that the run left out; undefined when it read all. */
  quarantine?: Quarantine;
  /** Of a run that failed and was not resumed. */
  failure: FailureReport | undefined;
}

/** Release 0.1.0 measured only lists that may hold viewed products: its runs have no figures as served. */
const FIGURES = [
  { title: 'HR@20 as served', mode: 'asServed', metric: 'HR@20' },
  { title: 'MRR@20 as served', mode: 'asServed', metric: 'MRR@20' },
  { title: 'HR@20 viewed allowed', mode: 'viewedAllowed', metric: 'HR@20' },
  { title: 'MRR@20 viewed allowed', mode: 'viewedAllowed', metric: 'MRR@20' },
] as const;

/** @param place the folder or the store that they are in. @param where the options that name it. */
export function tableOfRuns(runs: readonly RunFigures[], place: string, where: string): string {
  if (runs.length === 0) return `There are no runs in ${place} yet. Train one: npm run train -- --help\n`;
  const rows = [
    ['run', 'status', 'rows', 'products', 'preset', ...FIGURES.map(({ title }) => title), 'verdict'],
    ...runs.map(({ runId, status, manifest, report, failure }) => [
      runId,
      shownStatus(status, failure),
      formatCount(manifest?.counts['rows']),
      formatCount(manifest?.counts['products']),
      manifest?.request.preset ?? '',
      ...FIGURES.map((figure) => figureOf(report, figure)),
      oneLine(reasonOf({ status, report, failure }), LONGEST_REASON),
    ]),
  ];
  const newest = runs.find(({ status }) => status !== 'unfinished');
  const failure = newest?.failure === undefined ? '' : `\n${describeFailure(newest.failure, where)}`;
  const leftOut = newest?.quarantine === undefined ? '' : `\n${describeQuarantine(newest.quarantine)}`;
  return `${alignColumns(rows, [2, 3, 5, 6, 7, 8]).join('\n')}\n${failure}${leftOut}`;
}

const SHOWN_FILES = 10;

/** Which files a run did without, why, and what to do. */
export function describeQuarantine({ runId, files }: Quarantine): string {
  const shown = files.slice(0, SHOWN_FILES).map(({ name, reason, firstRun }) => {
    const since = firstRun === runId ? '' : ` (since run ${firstRun})`;
    const why = oneLine(reason.split('\n', 1)[0], LONGEST_FILE_REASON);
    // Most reasons begin with the name.
    return `  ${why.startsWith(name) ? '' : `${name}: `}${why}${since}\n`;
  });
  const more =
    files.length > SHOWN_FILES
      ? `  and ${files.length - SHOWN_FILES} more, in ${artifactKey(runId, 'quarantine')}\n`
      : '';
  return `Run ${runId} left out ${files.length === 1 ? 'a file that cannot' : `${files.length} files that cannot`} be read:\n${shown.join('')}${more}Fix:   Upload it again under the same name, or delete it. Every run tries it anew.\n`;
}

/** Why a run is what it is; '' while nobody knows. */
export function reasonOf({ status, report, failure }: Pick<RunFigures, 'status' | 'report' | 'failure'>): string {
  if (failure !== undefined) return `${failure.stage}: ${failure.cause}`;
  if (report !== undefined && isPromotedByHand({ status, report })) {
    const refusal = report.verdict.reason.replace(/^Refused: /, '');
    return `${status === 'live' ? 'Promoted' : 'Was promoted'} by hand; the gate had refused it: ${refusal}`;
  }
  return report?.verdict.reason ?? (status === 'unchanged' ? 'Nothing was new since the live run.' : '');
}

/** Whether a person made a run live that the gate did not: no record says so, but how else would it have got there? */
export function isPromotedByHand({ status, report }: Pick<RunFigures, 'status' | 'report'>): boolean {
  return (status === 'live' || status === 'previous') && report?.verdict.promoted === false;
}

/** Where a run failed, why, and what to do. @param where the options that name what it is in. */
export function describeFailure({ runId, stage, error, cause, fix }: FailureReport, where: string): string {
  const isStopped = error === STOPPED;
  // `train` has no --store.
  const resume = resumeCommand(runId, where.startsWith(' --store ') ? '' : where);
  const isDeployed = where.includes(' --stage ');
  // What a run of this machine kept speaks of a deployment, or of a folder that may have another name by now.
  const advice = isDeployed && !isStopped ? (fix ?? fixOf(error, resume)) : localFixOf(error, resume);
  return `Run ${runId} ${isStopped ? 'was stopped' : 'failed'} in ${stage}.\nCause: ${printable(cause)}\nFix:   ${advice}\n`;
}

/** As `fixOf`, of a run on this machine. */
function localFixOf(error: string, resume: string): string {
  switch (error) {
    case 'InputError':
      return 'Correct the data, or the options that the cause names, and train again.';
    case 'ConfigurationError':
      return 'Change the setting that the cause names, and train again.';
    case 'ArtifactError':
      return 'An artifact of the run is missing or torn: train again.';
    case STOPPED:
      return fixOf(error, resume);
    default:
      return `Go on with it (${resume}); nothing of what was live has changed.`;
  }
}

/** Everything that is known of one run. @param where the options that name what it is in. */
export function describeRun(run: RunFigures, where: string): string {
  const failure = run.failure === undefined ? '' : `${describeFailure(run.failure, where)}\n`;
  const leftOut = run.quarantine === undefined ? '' : `${describeQuarantine(run.quarantine)}\n`;
  return `${failure}${leftOut}${alignColumns([['run', run.runId], ...factsOf(run)]).join('\n')}\n`;
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

function factsOf({ status, manifest, report, failure }: RunFigures): Map<string, string> {
  const facts = new Map<string, string>([['status', shownStatus(status, failure)]]);
  manifest?.inputs.forEach(({ name, sha256 }) => {
    facts.set(`input ${name}`, sha256.slice(0, 12));
  });
  for (const [name, value] of Object.entries(manifest?.settings ?? {})) facts.set(`setting ${name}`, String(value));
  for (const [name, value] of Object.entries(manifest?.counts ?? {})) facts.set(`count ${name}`, formatCount(value));
  if (report !== undefined) facts.set('verdict', reasonOf({ status, report, failure: undefined }));
  for (const figure of FIGURES) {
    const value = figureOf(report, figure);
    if (value !== '') facts.set(`held-out ${figure.title}`, value);
  }
  return facts;
}

/** Of the run's default strategy on the sessions held out for its report. */
function figureOf(report: RunReport | undefined, { mode, metric }: (typeof FIGURES)[number]): string {
  const backtest = report?.evaluation?.backtest;
  if (!backtest) return '';
  const { all, asServed } = backtest.evaluations[backtest.best];
  const gains = mode === 'asServed' ? asServed?.gains : all;
  if (gains === undefined) return '';
  return `${gains[metric].value.toFixed(3)}${backtest.question === 'purchase' ? ' of purchases' : ''}`;
}

/** In a table; the whole sentence is in report.json, and in a comparison of two runs. */
const LONGEST_REASON = 70;
/** Of a file that was left out; the whole is in quarantine.json. */
const LONGEST_FILE_REASON = 300;

function formatCount(value: number | undefined): string {
  return value === undefined ? '' : value.toLocaleString('en-US', { maximumFractionDigits: 4 });
}
