import { PIPELINE } from '../../lambdas/pipeline.ts';
import { accessLogBytes, PRICES, partsOfCall } from '../lib/prices.ts';
import type { Template } from '../lib/template.ts';
import { markdownTable } from './tables.ts';

/** What was measured, and where. Everything else follows from the template and the price list. */
const MEASURED = {
  /**
   * Of Lambda, all stages and candidates of a `tuned` run of the e-shop file: 39 s of processor time on an Intel Xeon
   * (`/usr/bin/time npm run train -- --data … --format eshop`), and half as much again for a core of Graviton2.
   */
  tunedRunSeconds: 60,
  /** Metrics of its own that a run or an answer writes; each costs in the hours in which it is written. */
  ownMetrics: 5,
  /** `FallbackShare` and `ModelAge`; a shop that is called around the clock pays them in full. */
  answerMetrics: 2,
};

const CALLS = [0, 100_000, 1_000_000, 10_000_000];
const RUNS_A_MONTH = 4;
const MOST_CANDIDATES = 8;
const HOURS_A_MONTH = 730;

/** Part of a call → US dollars a million. */
export function millionCalls(template: Template): Record<string, number> {
  const { MemorySize, TracingConfig } = answeringFunction(template);
  const call = {
    memoryGb: MemorySize / 1024,
    accessLogBytes: accessLogBytes(accessLogFormat(template)),
    // Of a shop whose calls are seldom two a second.
    tracedShare: TracingConfig?.Mode === 'Active' ? 1 : 0,
  };
  const parts = Object.entries(partsOfCall(call));
  return Object.fromEntries(parts.map(([name, usd]) => [name, usd * 1e6]));
}

/** What there is, used or not → US dollars a month. */
export function idleMonth(template: Template): Record<string, number> {
  const count = (type: string) => Object.values(template.Resources).filter(({ Type }) => Type === type).length;
  const alarms = count('AWS::CloudWatch::Alarm');
  const dashboards = count('AWS::CloudWatch::Dashboard');
  return {
    [`${alarms} alarms`]: alarms * PRICES.alarmMonth,
    ...(dashboards > 0 && { [`${dashboards} dashboard`]: dashboards * PRICES.dashboardMonth }),
  };
}

/** Of the e-shop file with the preset `tuned`, US dollars. */
export function tunedRun(): number {
  const memoryGb = Math.max(...PIPELINE.map(({ memoryMb }) => memoryMb)) / 1024;
  const transitions = PIPELINE.length + 1 + MOST_CANDIDATES;
  // A metric is paid for the hour in which it is written.
  const metrics = (PIPELINE.length * MEASURED.ownMetrics * PRICES.metricMonth) / HOURS_A_MONTH;
  return (
    MEASURED.tunedRunSeconds * memoryGb * PRICES.lambdaGbSecond.arm64 + transitions * PRICES.stateTransition + metrics
  );
}

export function costTable(template: Template): string {
  const parts = millionCalls(template);
  const perMillion = total(parts);
  const idle = idleMonth(template);
  const runs = RUNS_A_MONTH * tunedRun();
  const used = runs + MEASURED.answerMetrics * PRICES.metricMonth;
  const usd = (value: number) => `$${value.toFixed(2)}`;
  const calls = CALLS.map((count) => (count / 1e6) * perMillion);
  return [
    `A million recommendations cost **${usd(perMillion)}**:`,
    '',
    markdownTable(
      ['part', '$ a million'],
      Object.entries(parts).map(([name, value]) => [name, value.toFixed(2)]),
    ),
    '',
    'A month costs:',
    '',
    markdownTable(
      ['', 'nobody uses it', ...CALLS.slice(1).map((count) => `${count.toLocaleString('en')} calls`)],
      [
        ['calls', ...calls.map(usd)],
        [
          `${RUNS_A_MONTH} training runs of the e-shop file, ${MEASURED.tunedRunSeconds} s of Lambda each`,
          usd(0),
          ...CALLS.slice(1).map(() => usd(runs)),
        ],
        [
          `${MEASURED.answerMetrics} metrics of the answers, in the hours in which they are written`,
          usd(0),
          ...CALLS.slice(1).map(() => usd(MEASURED.answerMetrics * PRICES.metricMonth)),
        ],
        ...Object.entries(idle).map(([name, value]) => [name, ...CALLS.map(() => usd(value))]),
        ['**total**', ...calls.map((value, i) => `**${usd(value + total(idle) + (CALLS[i] === 0 ? 0 : used))}**`)],
      ],
    ),
  ].join('\n');
}

function total(parts: Record<string, number>): number {
  return Object.values(parts).reduce((sum, usd) => sum + usd, 0);
}

interface FunctionProperties {
  MemorySize: number;
  TracingConfig?: { Mode: string };
}

function answeringFunction({ Resources }: Template): FunctionProperties {
  const answering = Object.values(Resources).find(
    ({ Type, Properties }) => Type === 'AWS::Lambda::Function' && /HTTP API/.test(String(Properties['Description'])),
  );
  return answering!.Properties as unknown as FunctionProperties;
}

function accessLogFormat({ Resources }: Template): string {
  const stage = Object.values(Resources).find(({ Type }) => Type === 'AWS::ApiGatewayV2::Stage')!;
  return (stage.Properties['AccessLogSettings'] as { Format: string }).Format;
}
