import { Duration, TimeZone } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction, SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { ContextAttribute, Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { SqsSendMessage } from 'aws-cdk-lib/aws-scheduler-targets';
import { DeduplicationScope, Queue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { CURRENT_KEY } from '../../engine/artifacts/artifact-keys.ts';
import { AlikeFunction, type FunctionDefaults } from '../functions/alike-function.ts';

export interface TrainingTriggersProps {
  readonly bucket: IBucket;
  readonly stateMachine: IStateMachine;
  readonly defaults: FunctionDefaults;
  /** `cron(…)`, `rate(…)` or `off`. */
  readonly schedule: string;
  readonly scheduleTimeZone: string;
  readonly uploadSettleSeconds: number;
  readonly retireRuns: AlikeFunction;
}

const STARTER_TIMEOUT_SECONDS = 60;
/** Lambda's own advice: six times the function's timeout. It is also how often a postponed trigger asks again. */
const RETRY_SECONDS = 6 * STARTER_TIMEOUT_SECONDS;
/** Times the retry interval: four days, far longer than the longest run. */
const MAX_RECEIVES = 1_000;

/**
 * What starts a run: an upload under `raw/`, and the schedule. Both go through one queue with one message group, which
 * Lambda works through one message after the other, so that whether to start a run is decided by one at a time
 * (`lambdas/start-training`). The queue's delay is the time that uploads have to settle.
 */
export class TrainingTriggers extends Construct {
  readonly startTraining: AlikeFunction;
  readonly failedTriggers: Queue;

  constructor(scope: Construct, id: string, props: TrainingTriggersProps) {
    super(scope, id);
    this.failedTriggers = new Queue(this, 'FailedTriggers', {
      fifo: true,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    const queue = new Queue(this, 'Triggers', {
      fifo: true,
      contentBasedDeduplication: true,
      deduplicationScope: DeduplicationScope.QUEUE,
      enforceSSL: true,
      deliveryDelay: Duration.seconds(props.uploadSettleSeconds),
      visibilityTimeout: Duration.seconds(RETRY_SECONDS),
      retentionPeriod: Duration.days(14),
      deadLetterQueue: { queue: this.failedTriggers, maxReceiveCount: MAX_RECEIVES },
    });

    const uploaded = (pattern: Record<string, unknown>[]) => ({
      source: ['aws.s3'],
      detailType: ['Object Created'],
      detail: { bucket: { name: [props.bucket.bucketName] }, object: { key: pattern } },
    });
    new Rule(this, 'Uploaded', {
      description: 'New data under raw/',
      eventPattern: uploaded([{ prefix: 'raw/' }]),
      targets: [new SqsQueue(queue, { messageGroupId: MESSAGE_GROUP })],
    });
    new Rule(this, 'CurrentMoved', {
      description: 'Another run went live',
      eventPattern: uploaded([{ prefix: CURRENT_KEY }]),
      targets: [new LambdaFunction(props.retireRuns)],
    });
    if (props.schedule !== 'off') {
      new Schedule(this, 'Retraining', {
        description: 'Retrains on all data under raw/',
        schedule: ScheduleExpression.expression(props.schedule, TimeZone.of(props.scheduleTimeZone)),
        target: new SqsSendMessage(queue, {
          messageGroupId: MESSAGE_GROUP,
          input: ScheduleTargetInput.fromObject({ source: 'alike.schedule', id: ContextAttribute.executionId }),
        }),
      });
    }

    this.startTraining = new AlikeFunction(this, 'start-training', {
      defaults: props.defaults,
      folder: 'start-training',
      description: 'Starts a run for new data, unless one is under way or has seen it',
      memorySize: 256,
      timeout: Duration.seconds(STARTER_TIMEOUT_SECONDS),
      environment: { ALIKE_STATE_MACHINE_ARN: props.stateMachine.stateMachineArn },
    });
    props.stateMachine.grantStartExecution(this.startTraining);
    props.stateMachine.grant(this.startTraining, 'states:ListExecutions');
    this.startTraining.addEventSource(new SqsEventSource(queue, { batchSize: 10, reportBatchItemFailures: true }));
  }
}

const MESSAGE_GROUP = 'training';
