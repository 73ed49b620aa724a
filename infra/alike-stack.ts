import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps, Tags, Validations } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { LogLevel } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { CatalogueFeeds } from './catalogue/catalogue-feeds.ts';
import { type Config, isProtected } from './config.ts';
import type { FunctionDefaults } from './functions/alike-function.ts';
import { arnOf, explainWildcard } from './functions/explained-wildcards.ts';
import { Functions } from './functions/functions.ts';
import { Alarms } from './operations/alarms.ts';
import { OperationalMetrics } from './operations/operational-metrics.ts';
import { OperationsDashboard } from './operations/operations-dashboard.ts';
import { RunFailedRule } from './operations/run-failed-rule.ts';
import { HostedConsole } from './serving/hosted-console.ts';
import { RecommendationApi } from './serving/recommendation-api.ts';
import { ArtifactBucket, removalPolicyOf } from './storage/artifact-bucket.ts';
import { TrainingStateMachine } from './training/training-state-machine.ts';
import { TrainingTriggers } from './training/training-triggers.ts';

export interface AlikeStackProps extends StackProps {
  readonly config: Config;
  /** Stands in the manifest of every run. */
  readonly codeVersion: string;
}

/** Tags of dashboards are so new that not every checker of templates knows them. */
const UNTAGGED = ['AWS::CloudWatch::Dashboard'];

/** Everything that Alike has in an account: artifacts, functions, state machine, triggers, API, alarms, dashboard. */
export class AlikeStack extends Stack {
  constructor(scope: Construct, id: string, { config, codeVersion, ...props }: AlikeStackProps) {
    super(scope, id, { terminationProtection: isProtected(config), ...props });
    const name = `alike-${config.stage}`;
    const removalPolicy = removalPolicyOf(config.removalPolicy);
    const logRetention = config.logRetentionDays;
    const bucket = new ArtifactBucket(this, 'Artifacts', {
      bucketName: config.bucket,
      kmsKeyArn: config.kmsKeyArn,
      runRetentionDays: config.runRetentionDays,
      uploadVersionDays: config.uploadVersionDays,
      removalPolicy,
    });
    const defaults: FunctionDefaults = {
      architecture: config.architecture,
      logRetention,
      removalPolicy,
      environment: {
        ALIKE_STORE_URI: `s3://${bucket.bucketName}`,
        ALIKE_CODE_VERSION: codeVersion,
        POWERTOOLS_SERVICE_NAME: name,
        NODE_OPTIONS: '--enable-source-maps',
      },
    };

    const topic = new Topic(this, 'AlarmTopic', { displayName: name, enforceSSL: true });
    // The policy that asks for TLS takes the place of the default one, which let alarms publish.
    topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    );
    if (config.alarmEmail !== undefined) topic.addSubscription(new EmailSubscription(config.alarmEmail));
    const deadLetters = new Queue(this, 'FailedEvents', {
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    Validations.of(deadLetters).acknowledge({ id: 'AwsSolutions-SQS3', reason: 'It is a dead-letter queue itself.' });
    const functions = new Functions(this, 'Functions', {
      bucket,
      deadLetters,
      topic,
      defaults,
      recommendMemoryMb: config.recommendMemoryMb,
      traceAnswers: config.traceAnswers === 'on',
      trainingMemoryMb: config.trainingMemoryMb,
      trainingDefaults: config.trainingDefaults,
    });
    const training = new TrainingStateMachine(this, 'Training', {
      stageFunctions: functions.publishedStages(),
      reportFailureFunction: functions.reportFailure.currentVersion,
      logs: {
        destination: new LogGroup(this, 'TrainingLog', { retention: logRetention, removalPolicy }),
        level: LogLevel.ALL,
        // Inputs, outputs and causes may quote cells of the clickstream.
        includeExecutionData: false,
      },
    });
    const { role } = training.stateMachine;
    for (const invoked of [...Object.values(functions.stages), functions.reportFailure]) {
      explainWildcard(role, `${arnOf(invoked)}:*`, 'The versions of this one function.');
    }
    explainWildcard(role, '*', 'X-Ray and the delivery of logs have no resources: they can be allowed on * only.');
    const triggers = new TrainingTriggers(this, 'Triggers', {
      name,
      bucket,
      deadLetters,
      defaults,
      stateMachine: training.stateMachine,
      retireRuns: functions.retireRuns,
      schedule: config.schedule,
      scheduleTimeZone: config.scheduleTimeZone,
      uploadSettleSeconds: config.uploadSettleSeconds,
    });
    const feeds = new CatalogueFeeds(this, 'Catalogue', { bucket, defaults, deadLetters, topic });
    const { api, accessLog } = new RecommendationApi(this, 'Api', {
      name,
      recommend: functions.recommend,
      config,
      logRetention,
      removalPolicy,
    });

    const hosted = config.console === 'hosted' ? new HostedConsole(this, 'Console', { name, api, config }) : undefined;

    const metrics = new OperationalMetrics(this, 'Metrics', {
      serviceName: name,
      functions: new Map([...functions.all(), ['start-training', triggers.startTraining], ['catalogue', feeds.load]]),
      stateMachine: training.stateMachine,
      api,
      accessLog,
      deadLetters,
    });
    new RunFailedRule(this, 'RunFailed', {
      name,
      stage: config.stage,
      stateMachine: training.stateMachine,
      topic,
      deadLetters,
    });
    const alarms = new Alarms(this, 'Alarms', { metrics, topic, config });
    if (config.dashboard === 'on') {
      new OperationsDashboard(this, 'Dashboard', { name, metrics, alarms });
    }

    for (const [key, value] of Object.entries({ application: 'alike', stage: config.stage }))
      Tags.of(this).add(key, value, { excludeResourceTypes: UNTAGGED });

    const output = (key: string, value: string) => new CfnOutput(this, key, { value });
    const inRegion = `https://${this.region}.console.aws.amazon.com`;
    output('ApiUrl', api.apiEndpoint);
    output('ApiAccess', config.access);
    output('Settings', JSON.stringify(config.given));
    output('BucketName', bucket.bucketName);
    if (hosted !== undefined) {
      output('ConsoleUrl', hosted.url);
      output('ConsoleBucket', hosted.bucket.bucketName);
    }
    output('RemovalPolicy', config.removalPolicy);
    output('StateMachineArn', training.stateMachine.stateMachineArn);
    output('AlarmTopicArn', topic.topicArn);
    if (config.dashboard === 'on') {
      output('DashboardUrl', `${inRegion}/cloudwatch/home?region=${this.region}#dashboards/dashboard/${name}`);
    }
    output(
      'RunsUrl',
      `${inRegion}/states/home?region=${this.region}#/statemachines/view/${training.stateMachine.stateMachineArn}`,
    );
  }
}
