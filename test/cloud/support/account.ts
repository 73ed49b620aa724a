import { CloudFormationClient, DescribeStackEventsCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DescribeAlarmsCommand, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { GetObjectTaggingCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import {
  DescribeStateMachineCommand,
  type ExecutionListItem,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';

/** The account as an outsider with the AWS SDK sees it. Make it after the environment is set. */
export class Account {
  readonly s3 = new S3Client({ forcePathStyle: true });
  readonly #stepFunctions = new SFNClient({});
  readonly #cloudFormation = new CloudFormationClient({});
  readonly #cloudWatch = new CloudWatchClient({});
  readonly #logs = new CloudWatchLogsClient({});
  readonly #lambda = new LambdaClient({});
  readonly #scheduler = new SchedulerClient({});

  /** Newest first. */
  async executions(stateMachineArn: string): Promise<ExecutionListItem[]> {
    const { executions = [] } = await this.#stepFunctions.send(new ListExecutionsCommand({ stateMachineArn }));
    return executions.sort((a, b) => b.startDate!.getTime() - a.startDate!.getTime());
  }

  async definition(stateMachineArn: string): Promise<string> {
    const { definition } = await this.#stepFunctions.send(new DescribeStateMachineCommand({ stateMachineArn }));
    return definition!;
  }

  /** Names of the states that an execution went through, in order. */
  async statesOf(executionArn: string): Promise<string[]> {
    const { events = [] } = await this.#stepFunctions.send(
      new GetExecutionHistoryCommand({ executionArn, maxResults: 1_000 }),
    );
    return events.flatMap(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? []);
  }

  /** What CloudFormation did since: `UPDATE_COMPLETE AWS::ApiGatewayV2::Stage`. */
  async stackEventsSince(stackName: string, since: Date): Promise<string[]> {
    const { StackEvents = [] } = await this.#cloudFormation.send(
      new DescribeStackEventsCommand({ StackName: stackName }),
    );
    return StackEvents.filter(({ Timestamp }) => Timestamp!.getTime() >= since.getTime()).map(
      ({ ResourceStatus, ResourceType }) => `${ResourceStatus} ${ResourceType}`,
    );
  }

  /** Sum over the last hour. */
  async metricSum(Namespace: string, MetricName: string, dimensions: Record<string, string>): Promise<number> {
    const { Datapoints = [] } = await this.#cloudWatch.send(
      new GetMetricStatisticsCommand({
        Namespace,
        MetricName,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        StartTime: new Date(Date.now() - 3_600_000),
        EndTime: new Date(Date.now() + 60_000),
        Period: 60,
        Statistics: ['Sum'],
      }),
    );
    return Datapoints.reduce((total, { Sum = 0 }) => total + Sum, 0);
  }

  /** Alarm name → state. */
  async alarms(prefix: string): Promise<Map<string, string>> {
    const { MetricAlarms = [] } = await this.#cloudWatch.send(new DescribeAlarmsCommand({ AlarmNamePrefix: prefix }));
    return new Map(MetricAlarms.map(({ AlarmName, StateValue }) => [AlarmName!, StateValue!]));
  }

  async functionNamed(part: string): Promise<string> {
    const name = (await this.functions()).find((functionName) => functionName.includes(part));
    if (name === undefined) throw new Error(`There is no function with ${part} in its name.`);
    return name;
  }

  async functions(): Promise<string[]> {
    const { Functions = [] } = await this.#lambda.send(new ListFunctionsCommand({}));
    return Functions.map(({ FunctionName }) => FunctionName!);
  }

  async logGroups(): Promise<string[]> {
    const { logGroups = [] } = await this.#logs.send(new DescribeLogGroupsCommand({}));
    return logGroups.map(({ logGroupName }) => logGroupName!);
  }

  async logLines(logGroupPart: string): Promise<string[]> {
    const logGroupName = (await this.logGroups()).find((name) => name.includes(logGroupPart));
    const { events = [] } = await this.#logs.send(new FilterLogEventsCommand({ logGroupName }));
    return events.map(({ message }) => message!);
  }

  async schedules(): Promise<string[]> {
    const { Schedules = [] } = await this.#scheduler.send(new ListSchedulesCommand({}));
    return Schedules.map(({ Name }) => Name!);
  }

  async buckets(): Promise<string[]> {
    const { Buckets = [] } = await this.s3.send(new ListBucketsCommand({}));
    return Buckets.map(({ Name }) => Name!);
  }

  async tagsOf(Bucket: string, Key: string): Promise<Record<string, string>> {
    const { TagSet = [] } = await this.s3.send(new GetObjectTaggingCommand({ Bucket, Key }));
    return Object.fromEntries(TagSet.map((tag) => [tag.Key, tag.Value]));
  }
}

/** Waits for something to become true, asking twice a second. @throws Error that says what never came. */
export async function eventually<T>(what: string, seconds: number, ask: () => Promise<T | undefined>): Promise<T> {
  const deadlineMs = performance.now() + seconds * 1_000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadlineMs) throw new Error(`Not within ${seconds} s: ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
