import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';
import type { OperationalMetrics } from './operational-metrics.ts';

export interface OperationsDashboardProps {
  readonly name: string;
  readonly metrics: OperationalMetrics;
  readonly alarms: Alarms;
}

const FULL_WIDTH = 24;

/** One page: what is alarming, how the API answers, how training goes. */
export class OperationsDashboard extends Dashboard {
  constructor(scope: Construct, id: string, { name, metrics, alarms }: OperationsDashboardProps) {
    super(scope, id, {
      dashboardName: name,
      widgets: [
        [new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms.alarms], width: FULL_WIDTH, height: 4 })],
        [heading('Answers')],
        row([
          graph('Calls', [metrics.calls]),
          graph('Latency, ms', [metrics.latencyP50, metrics.latencyP99]),
          graph('5xx and throttled', [metrics.serverErrors, metrics.refusedCalls, metrics.throttledCalls]),
          graph('Merely popular items, %', [metrics.fallbackPercent]),
        ]),
        [heading('Training')],
        row([
          graph('Runs', [metrics.startedRuns, metrics.failedRuns, metrics.timedOutRuns]),
          graph('Duration of each stage, ms', metrics.stageDurations()),
          graph('Age of the live model, s', [metrics.modelAgeSeconds]),
          graph('Went live (1) or refused (0)', [metrics.promotedRuns]),
        ]),
        [heading('Functions')],
        row([
          graph(
            'Errors',
            [...metrics.functions.values()].map((lambda) => lambda.metricErrors({ label: lambda.node.id })),
          ),
          graph(
            'Duration, ms',
            [...metrics.functions.values()].map((lambda) => lambda.metricDuration({ label: lambda.node.id })),
          ),
        ]),
      ],
    });
  }
}

function heading(text: string): IWidget {
  return new TextWidget({ markdown: `## ${text}`, width: FULL_WIDTH, height: 1 });
}

function row(widgets: ((width: number) => IWidget)[]): IWidget[] {
  return widgets.map((widget) => widget(FULL_WIDTH / widgets.length));
}

function graph(title: string, left: IMetric[]): (width: number) => IWidget {
  return (width) => new GraphWidget({ title, left, width, height: 6 });
}
