import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Config } from '../config.ts';
import type { OperationalMetrics } from './operational-metrics.ts';

export interface AlarmsProps {
  readonly metrics: OperationalMetrics;
  readonly topic: Topic;
  readonly config: Pick<Config, 'stage' | 'modelMaxAgeDays' | 'latencyAlarmMs' | 'fallbackAlarmPercent'>;
}

interface AlarmDescription {
  readonly metric: IMetric;
  readonly threshold: number;
  /** What is wrong. */
  readonly meaning: string;
  /** What to do about it. */
  readonly remedy: string;
  /** @default - greater than the threshold */
  readonly comparison?: ComparisonOperator;
  /** Periods in a row. @default 1 */
  readonly periods?: number;
}

/**
 * One alarm for each thing that a person has to do, with what it means and what to do; each tells the topic. A function
 * that fails has none of its own: it ends in a failed run, an answer with 5xx, or an event that is lost. Nor has a run that
 * fails: Step Functions tells of it by an event, at once and for nothing (`run-failed-rule.ts`).
 */
export class Alarms extends Construct {
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, { metrics, topic, config }: AlarmsProps) {
    super(scope, id);
    const action = new SnsAction(topic);
    const alarms = Object.entries(alarmDescriptions(metrics, config)).map(([name, description]) => {
      const alarm = newAlarm(this, name, `alike-${config.stage}-${kebab(name)}`, description);
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
      return alarm;
    });
    this.alarms = alarms;
  }
}

function newAlarm(scope: Construct, id: string, alarmName: string, description: AlarmDescription): Alarm {
  return new Alarm(scope, id, {
    alarmName,
    alarmDescription: `${description.meaning} ${description.remedy}`,
    metric: description.metric,
    threshold: description.threshold,
    comparisonOperator: description.comparison ?? ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: description.periods ?? 1,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
}

function alarmDescriptions(
  metrics: OperationalMetrics,
  config: AlarmsProps['config'],
): Record<string, AlarmDescription> {
  return {
    FileUnreadable: {
      metric: metrics.unreadableFiles,
      threshold: 0,
      meaning: 'A run left out an upload that cannot be read; it says so once for each file.',
      remedy:
        'Run npm run status -- --stage STAGE: it names the file and the reason. Upload the file again, or delete it; every run tries it anew.',
    },
    ModelTooOld: {
      metric: metrics.modelAgeSeconds,
      threshold: config.modelMaxAgeDays * 86_400,
      meaning: `The model that answers went live more than ${config.modelMaxAgeDays} days ago.`,
      remedy: 'See whether runs start (schedule, uploads), fail, or are refused by the gate.',
    },
    GateRefused: {
      metric: metrics.promotedRuns,
      threshold: 1,
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      meaning: 'A run finished and did not go live.',
      remedy: "Read the verdict in the run's report.json: it says in a sentence why.",
    },
    ModelUnreadable: {
      metric: metrics.modelLoadFailures,
      threshold: 0,
      meaning:
        'The published model or catalogue is missing, torn or of a newer format; the one before it keeps answering.',
      remedy:
        'The log of recommend says which. Roll back (npm run rollback, npm run catalogue -- rollback), or publish or load it again; if the format is newer, deploy the code that wrote it.',
    },
    ServerErrors: {
      metric: metrics.serverErrors,
      threshold: 0,
      meaning: 'The API answered with 5xx.',
      remedy:
        "Search the recommend function's log for level ERROR. 503 means that no model is live yet, or, with throttled invocations of the function, that the account's quota of concurrent Lambda executions is too small.",
    },
    SlowAnswers: {
      metric: metrics.latencyP99,
      threshold: config.latencyAlarmMs,
      periods: 3,
      meaning: `The slowest 1 % of answers took over ${config.latencyAlarmMs} ms for 15 minutes.`,
      remedy:
        'Compare with the lines Started in the log of the function, one a cold start, and ms with functionMs in the access log; raise recommendMemoryMb. To see where the time goes: --set traceAnswers=on for a while.',
    },
    CallsRefused: {
      metric: metrics.refusedCalls,
      threshold: 0,
      meaning: 'The API refused calls with 429: more came than its throttle lets through.',
      remedy:
        'Raise throttleRate and throttleBurst, or see in the access log which paths were called; it names no caller.',
    },
    MostlyFallback: {
      metric: metrics.fallbackPercent,
      threshold: config.fallbackAlarmPercent,
      periods: 3,
      meaning: `More than ${config.fallbackAlarmPercent} % of the recommended items were merely popular for 15 minutes.`,
      remedy: 'Callers ask for products that the model does not know: compare product ids, retrain on newer data.',
    },
    EventLost: {
      metric: metrics.failedEvents,
      threshold: 0,
      meaning:
        'An upload or the schedule could not start a run, a feed could not be loaded, or runs could not be retired.',
      remedy:
        'Read the message in the queue FailedEvents and the log of start-training, catalogue or retire-runs, mend the cause, delete the message, then train (npm run train -- --stage STAGE) or upload the feed again.',
    },
  };
}

function kebab(name: string): string {
  return name.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}
