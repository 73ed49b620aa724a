import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { type IMetric, Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { PIPELINE } from '../../lambdas/pipeline.ts';
import type { AlikeFunction } from '../functions/alike-function.ts';

export interface OperationalMetricsProps {
  /** Dimension `service` of the metrics that the functions publish. */
  readonly serviceName: string;
  readonly functions: ReadonlyMap<string, AlikeFunction>;
  readonly stateMachine: StateMachine;
  readonly api: HttpApi;
  readonly accessLog: LogGroup;
  readonly deadLetters: Queue;
}

const FIVE_MINUTES = Duration.minutes(5);
/** `lambdas/shared/observability.ts` publishes under it. */
const NAMESPACE = 'Alike';

/** What alarms and dashboard look at: AWS's own metrics, and those that the functions publish. */
export class OperationalMetrics extends Construct {
  readonly functions: ReadonlyMap<string, AlikeFunction>;
  readonly startedRuns: IMetric;
  readonly failedRuns: IMetric;
  readonly timedOutRuns: IMetric;
  /** 1 for a run that went live, 0 for one that was refused. */
  readonly promotedRuns: IMetric;
  /** Files that a run left out for the first time. */
  readonly unreadableFiles: IMetric;
  readonly modelAgeSeconds: IMetric;
  /** Of the catalogue as well. */
  readonly modelLoadFailures: IMetric;
  readonly calls: IMetric;
  readonly serverErrors: IMetric;
  readonly latencyP50: IMetric;
  readonly latencyP99: IMetric;
  /** By the throttle of the API. */
  readonly refusedCalls: IMetric;
  /** By the concurrency limit of Lambda. */
  readonly throttledCalls: IMetric;
  /** Merely popular items among the recommended ones, the average of all answers. */
  readonly fallbackPercent: IMetric;
  readonly failedEvents: IMetric;
  readonly #own: (metricName: string, options?: MetricOptions) => Metric;

  constructor(scope: Construct, id: string, props: OperationalMetricsProps) {
    super(scope, id);
    const { functions, stateMachine, api } = props;
    this.functions = functions;
    const service = { service: props.serviceName };
    this.#own = (metricName, options) =>
      new Metric({
        namespace: NAMESPACE,
        metricName,
        period: FIVE_MINUTES,
        ...options,
        dimensionsMap: { ...service, ...options?.dimensionsMap },
      });
    const sum = { statistic: Stats.SUM, period: FIVE_MINUTES };

    this.startedRuns = stateMachine.metricStarted(sum);
    this.failedRuns = stateMachine.metricFailed(sum);
    this.timedOutRuns = stateMachine.metricTimedOut(sum);
    this.promotedRuns = this.#own('promoted', { statistic: Stats.MINIMUM, dimensionsMap: { stage: 'publish' } });
    this.unreadableFiles = this.#own('newUnreadableFiles', {
      statistic: Stats.SUM,
      dimensionsMap: { stage: 'ingest' },
    });
    this.modelAgeSeconds = this.#own('ModelAge', { statistic: Stats.MAXIMUM, period: Duration.hours(1) });
    this.modelLoadFailures = this.#own('ModelLoadFailure', { statistic: Stats.SUM });

    this.calls = api.metricCount(sum);
    this.serverErrors = api.metricServerError(sum);
    this.latencyP50 = api.metricLatency({ statistic: Stats.percentile(50), period: FIVE_MINUTES });
    this.latencyP99 = api.metricLatency({ statistic: Stats.percentile(99), period: FIVE_MINUTES });
    // HTTP APIs count their own refusals as 4xx among others.
    const refused = new MetricFilter(this, 'RefusedCalls', {
      logGroup: props.accessLog,
      filterPattern: FilterPattern.stringValue('$.status', '=', '429'),
      metricNamespace: NAMESPACE,
      metricName: `${props.serviceName}-refused-calls`,
    });
    this.refusedCalls = refused.metric(sum);
    this.throttledCalls = functions.get('recommend')!.metricThrottles(sum);
    this.fallbackPercent = this.#own('FallbackShare', { statistic: Stats.AVERAGE });
    this.failedEvents = props.deadLetters.metricApproximateNumberOfMessagesVisible({ period: FIVE_MINUTES });
  }

  stageDurations(): Metric[] {
    return PIPELINE.map(({ name }) =>
      this.#own('StageDuration', { statistic: Stats.MAXIMUM, dimensionsMap: { stage: name }, label: name }),
    );
  }
}
