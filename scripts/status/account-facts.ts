import { CloudWatchClient, GetMetricStatisticsCommand, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import type { Deployment } from '../lib/deployment.ts';

/** What only AWS itself knows of a deployment. */
export interface AccountFacts {
  underWaySince: string | undefined;
  /** Names of those that are on → what they mean. */
  alarmsOn: Record<string, string>;
  alarmCount: number;
  /** Since the first of the month, UTC. */
  apiCalls: number;
}

const DAY_SECONDS = 86_400;

export async function readAccountFacts({ stackName, apiUrl, stateMachineArn }: Deployment): Promise<AccountFacts> {
  const cloudWatch = new CloudWatchClient({});
  const stepFunctions = new SFNClient({});
  const { executions = [] } = await stepFunctions.send(
    new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING', maxResults: 1 }),
  );
  const alarmsOn: Record<string, string> = {};
  let alarmCount = 0;
  for await (const { MetricAlarms = [] } of paginateDescribeAlarms(
    { client: cloudWatch },
    { AlarmNamePrefix: `${stackName}-` },
  )) {
    alarmCount += MetricAlarms.length;
    for (const { AlarmName, AlarmDescription, StateValue } of MetricAlarms) {
      if (StateValue === 'ALARM') alarmsOn[AlarmName!] = AlarmDescription ?? '';
    }
  }
  const now = new Date();
  const { Datapoints = [] } = await cloudWatch.send(
    new GetMetricStatisticsCommand({
      Namespace: 'AWS/ApiGateway',
      MetricName: 'Count',
      Dimensions: [{ Name: 'ApiId', Value: new URL(apiUrl).hostname.split('.')[0] }],
      StartTime: new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth())),
      EndTime: now,
      Period: DAY_SECONDS,
      Statistics: ['Sum'],
    }),
  );
  return {
    underWaySince: executions[0]?.startDate?.toISOString(),
    alarmsOn,
    alarmCount,
    apiCalls: Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0),
  };
}
