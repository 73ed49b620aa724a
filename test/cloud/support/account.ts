import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DescribeAlarmsCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { GetObjectTaggingCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import {
  GetScheduleCommand,
  ListSchedulesCommand,
  SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
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

  /** Logical id → what it is and its physical id, which changes when CloudFormation replaces a resource. */
  async resources(StackName: string): Promise<Record<string, string>> {
    const resources: Record<string, string> = {};
    for await (const page of paginateListStackResources({ client: this.#cloudFormation }, { StackName })) {
      for (const { LogicalResourceId, ResourceType, PhysicalResourceId } of page.StackResourceSummaries ?? []) {
        resources[LogicalResourceId!] = `${ResourceType} ${PhysicalResourceId}`;
      }
    }
    return resources;
  }

  /** As a first deployment leaves it that failed; protected against removal, as one of the stage prod is. */
  async leaveFailedStack(StackName: string): Promise<void> {
    const TemplateBody = JSON.stringify({
      Resources: { Broken: { Type: 'AWS::Lambda::Url', Properties: { TargetFunctionArn: 'none', AuthType: 'NONE' } } },
    });
    await this.#cloudFormation.send(
      new CreateStackCommand({ StackName, TemplateBody, EnableTerminationProtection: true }),
    );
    await eventually(`${StackName} rolled back`, 60, async () => {
      const { Stacks } = await this.#cloudFormation.send(new DescribeStacksCommand({ StackName }));
      return Stacks![0].StackStatus === 'ROLLBACK_COMPLETE' ? true : undefined;
    });
  }

  /** Names of the schedules that begin so. */
  async schedules(NamePrefix: string): Promise<string[]> {
    const { Schedules = [] } = await this.#scheduler.send(new ListSchedulesCommand({ NamePrefix }));
    return Schedules.map(({ Name }) => Name!);
  }

  /**
   * Puts the datapoint that a service of AWS puts by itself. MiniStack's Step Functions publish no metrics, and it does
   * not read those that Lambdas write into their logs.
   */
  async putMetric(Namespace: string, MetricName: string, dimensions: Record<string, string>): Promise<void> {
    const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
    const MetricData = [{ MetricName, Dimensions, Value: 1, Timestamp: new Date() }];
    await this.#cloudWatch.send(new PutMetricDataCommand({ Namespace, MetricData }));
  }

  /** Alarm name → state. */
  async alarms(prefix: string): Promise<Map<string, string>> {
    const { MetricAlarms = [] } = await this.#cloudWatch.send(new DescribeAlarmsCommand({ AlarmNamePrefix: prefix }));
    return new Map(MetricAlarms.map(({ AlarmName, StateValue }) => [AlarmName!, StateValue!]));
  }

  /** That alarms tell. */
  async topicOf(stackName: string): Promise<string> {
    const topics = Object.values(await this.resources(stackName)).filter((text) => text.startsWith('AWS::SNS::Topic '));
    return topics[0].split(' ')[1];
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

  /** Gives the only regular schedule another time; all else about it stays as deployed. @returns the time it had. */
  async reschedule(ScheduleExpression: string): Promise<string> {
    const { Schedules: all = [] } = await this.#scheduler.send(new ListSchedulesCommand({}));
    // Those that are due once look at uploads that have settled.
    const Schedules = all.filter(({ Name }) => !/-(uploads|again)-/.test(Name!));
    if (Schedules.length !== 1) throw new Error(`There are ${Schedules.length} schedules.`);
    const { Name, GroupName } = Schedules[0];
    const deployed = await this.#scheduler.send(new GetScheduleCommand({ Name, GroupName }));
    const { Target, FlexibleTimeWindow } = deployed;
    await this.#scheduler.send(
      new UpdateScheduleCommand({ Name, GroupName, Target, FlexibleTimeWindow, ScheduleExpression }),
    );
    return deployed.ScheduleExpression!;
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
