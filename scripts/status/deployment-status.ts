import { shownStatus } from '../../lambdas/shared/runs/registry.ts';
import type { Deployment } from '../lib/deployment.ts';
import { oneLine } from '../lib/printable.ts';
import { describeFailure, describeQuarantine, isPromotedByHand, type RunFigures, reasonOf } from '../lib/runs-table.ts';
import type { MonthlyCost } from './monthly-cost.ts';

/** Everything that an operator asks of a deployment, or of a workspace, at a glance. */
export interface Status {
  /** Undefined for a workspace. */
  deployment: Deployment | undefined;
  store: string;
  /** Newest first. */
  runs: readonly RunFigures[];
  /** What `current.json` names, even if its files are gone; undefined while nothing is live. */
  liveRunId: string | undefined;
  /** Of the live run; undefined while nothing is live. ISO 8601. */
  publishedAt: string | undefined;
  /** Since when a run is under way; undefined when none is, or nobody can know. ISO 8601. */
  underWaySince: string | undefined;
  /** Alarm → why it is in alarm. */
  alarms: Readonly<Record<string, string>>;
  cost: MonthlyCost | undefined;
}

const SHOWN_RUNS = 5;
/** Below them stands the whole cause of the newest failure; `npm run runs -- RUN` has the others. */
const LONGEST_REASON = 160;
const DAY_MS = 86_400_000;

/** @param nowMs milliseconds since the epoch. @param where the options that name the deployment or the workspace. */
export function describeStatus(status: Status, nowMs: number, where: string): string {
  return [
    ...describeDeployment(status),
    ...describeLive(status, nowMs, where),
    ...describeRuns(status.runs, where),
    ...describeAlarms(status),
    ...describeCost(status.cost),
    '',
  ].join('\n');
}

function describeDeployment({ deployment, store }: Status): string[] {
  if (deployment === undefined) return [`artifacts   ${store}`];
  const settings = Object.entries(deployment.settings ?? {});
  const text = settings.map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return [
    `stack       ${deployment.stackName}`,
    `API         ${deployment.apiUrl} (access ${deployment.access})`,
    ...(deployment.console === undefined ? [] : [`console     ${deployment.console.url}`]),
    `bucket      ${deployment.bucket}`,
    `settings    ${text.length === 0 ? 'all as by default' : text.join(' ')}`,
  ];
}

function describeLive({ runs, liveRunId, publishedAt, underWaySince }: Status, nowMs: number, where: string): string[] {
  const live = runs.find(({ status }) => status === 'live');
  const underWay = underWaySince === undefined ? [] : [`under way   a run, since ${underWaySince}`];
  if (liveRunId === undefined || publishedAt === undefined)
    return ['live run    none: the API answers 503', ...underWay];
  if (live === undefined) {
    const fix = `"npm run promote -- RUN${where}" makes another run live, and so does the next training`;
    return [`live run    ${liveRunId}, whose files are gone: the API answers 503; ${fix}`, ...underWay];
  }
  const ageDays = (nowMs - Date.parse(publishedAt)) / DAY_MS;
  const { counts } = live.manifest ?? {};
  const figures = [
    ageDays < 0 ? `went live at ${publishedAt}, ahead of this clock` : `live for ${ageDays.toFixed(1)} days`,
    ...(isPromotedByHand(live) ? ['promoted by hand'] : []),
    ...(counts?.['rows'] === undefined ? [] : [`${counts['rows'].toLocaleString('en-US')} rows`]),
    ...(counts?.['products'] === undefined ? [] : [`${counts['products'].toLocaleString('en-US')} products`]),
  ];
  return [`live run    ${live.runId}, ${figures.join(', ')}`, ...underWay];
}

function describeRuns(runs: readonly RunFigures[], where: string): string[] {
  const shown = runs.slice(0, SHOWN_RUNS);
  const lines = shown.map(({ runId, status, report, failure }, i) => {
    const reason = oneLine(reasonOf({ status, report, failure }), LONGEST_REASON);
    return `${i === 0 ? 'last runs' : ''.padEnd(9)}   ${runId} ${shownStatus(status, failure).padEnd(10)} ${reason}`.trimEnd();
  });
  const newest = shown.find(({ status }) => status !== 'unfinished');
  return [
    ...lines,
    ...(newest?.failure === undefined ? [] : ['', ...describeFailure(newest.failure, where).trimEnd().split('\n'), '']),
    ...(newest?.quarantine === undefined
      ? []
      : ['', ...describeQuarantine(newest.quarantine).trimEnd().split('\n'), '']),
  ];
}

function describeAlarms({ deployment, alarms }: Status): string[] {
  if (deployment === undefined) return [];
  const names = Object.entries(alarms);
  if (names.length === 0) return ['alarms      none is on'];
  return names.map(([name, description], i) => `${i === 0 ? 'alarms  ' : ''.padEnd(8)}    ${name}: ${description}`);
}

function describeCost(cost: MonthlyCost | undefined): string[] {
  if (cost === undefined) return [];
  const parts = Object.entries(cost.parts).map(([name, usd]) => `${name} $${usd.toFixed(2)}`);
  return [
    `this month  about $${cost.totalUsd.toFixed(2)} so far by arithmetic, without free tiers: ${parts.join(', ')}`,
  ];
}
