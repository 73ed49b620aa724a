import { Duration } from 'aws-cdk-lib';
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

/** One alarm for each thing that needs a person, each with what it means and what to do. */
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
    const functionAlarms = [...metrics.functions].map(([name, lambdaFunction]) => {
      const alarm = newAlarm(this, `${name}-errors`, `alike-${config.stage}-${name}-errors`, {
        metric: lambdaFunction.metricErrors({ period: FIVE_MINUTES }),
        threshold: 0,
        meaning: `The function ${name} failed.`,
        remedy: 'Read its log group; each line has the request id and, in training, the run id.',
      });
      // A stage that fails ends in the alarm RunFailed; one message is enough.
      if (!metrics.isTrainingFunction(name)) alarm.addAlarmAction(action);
      return alarm;
    });
    this.alarms = [...alarms, ...functionAlarms];
  }
}

const FIVE_MINUTES = Duration.minutes(5);

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
    RunFailed: {
      metric: metrics.failedRuns,
      threshold: 0,
      meaning: 'A training run failed; the model that was live still is.',
      remedy:
        'Read runs/<runId>/failure.json in the bucket: it names the stage, the cause and the fix. Then redrive the execution (aws stepfunctions redrive-execution), or upload corrected data.',
    },
    RunTimedOut: {
      metric: metrics.timedOutRuns,
      threshold: 0,
      meaning: 'A training run took longer than all its stages may take together.',
      remedy: 'Open the execution (output RunsUrl) and see which state it stood in; redrive it.',
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
      meaning: 'The published model is missing, torn or of a newer format; the one before it keeps answering.',
      remedy: 'Roll back, or publish again; if the format is newer, deploy the code that wrote it.',
    },
    ServerErrors: {
      metric: metrics.serverErrors,
      threshold: 0,
      meaning: 'The API answered with 5xx.',
      remedy: "Search the recommend function's log for level ERROR; 503 means that no model is live yet.",
    },
    SlowAnswers: {
      metric: metrics.latencyP99,
      threshold: config.latencyAlarmMs,
      periods: 3,
      meaning: `The slowest 1 % of answers took over ${config.latencyAlarmMs} ms for 15 minutes.`,
      remedy: 'Compare with cold starts on the dashboard; raise recommendMemoryMb.',
    },
    CallsRefused: {
      metric: metrics.refusedCalls,
      threshold: 0,
      meaning: 'The API refused calls with 429: more came than its throttle lets through.',
      remedy: 'Raise throttleRate and throttleBurst, or find the caller in the access log.',
    },
    FunctionThrottled: {
      metric: metrics.throttledCalls,
      threshold: 0,
      meaning: 'Lambda refused to answer: too many functions work at once in this account.',
      remedy: "Raise the account's quota of concurrent Lambda executions.",
    },
    MostlyFallback: {
      metric: metrics.fallbackPercent,
      threshold: config.fallbackAlarmPercent,
      periods: 3,
      meaning: `More than ${config.fallbackAlarmPercent} % of the recommended items were merely popular for 15 minutes.`,
      remedy: 'Callers ask for products that the model does not know: compare product ids, retrain on newer data.',
    },
    TriggerLost: {
      metric: metrics.failedTriggers,
      threshold: 0,
      meaning: 'An upload or the schedule could not start a run for days.',
      remedy: "Read the start-training function's log, mend the cause, then redrive the dead-letter queue.",
    },
  };
}

function kebab(name: string): string {
  return name.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}
