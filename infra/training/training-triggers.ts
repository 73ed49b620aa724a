import { type CfnResource, Duration, Stack, TimeZone } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { CURRENT_KEY } from '../../engine/artifacts/artifact-keys.ts';
import { AlikeFunction, type FunctionDefaults } from '../functions/alike-function.ts';
import { arnIn, arnOf, explainWildcard } from '../functions/explained-wildcards.ts';
import { grantListing } from '../storage/artifact-permissions.ts';

export interface TrainingTriggersProps {
  /** Of the deployment: the schedules that are due once begin with it. */
  readonly name: string;
  readonly bucket: IBucket;
  readonly stateMachine: StateMachine;
  readonly defaults: FunctionDefaults;
  /** `cron(…)`, `rate(…)` or `off`. */
  readonly schedule: string;
  readonly scheduleTimeZone: string;
  readonly uploadSettleSeconds: number;
  readonly retireRuns: AlikeFunction;
  /** Takes what a function could not be invoked with. */
  readonly deadLetters: IQueue;
}

/**
 * What starts a run: an upload under `raw/`, and the schedule. An upload only makes a schedule that is due once, when
 * the uploads around it have settled; while a run is under way, another one (`lambdas/start-training`). Nothing is
 * polled meanwhile.
 */
export class TrainingTriggers extends Construct {
  readonly startTraining: AlikeFunction;

  constructor(scope: Construct, id: string, props: TrainingTriggersProps) {
    super(scope, id);
    const { bucket, stateMachine, deadLetters } = props;
    const invoker = new Role(this, 'InvokerRole', { assumedBy: new ServicePrincipal('scheduler.amazonaws.com') });
    this.startTraining = new AlikeFunction(this, 'start-training', {
      defaults: props.defaults,
      folder: 'start-training',
      description: 'Starts a run for new data, unless one is under way or has seen it',
      memorySize: 256,
      timeout: Duration.seconds(60),
      deadLetterQueue: deadLetters,
      environment: {
        ALIKE_STATE_MACHINE_ARN: stateMachine.stateMachineArn,
        ALIKE_SCHEDULE_PREFIX: `${props.name}-`,
        ALIKE_SCHEDULE_ROLE_ARN: invoker.roleArn,
        ALIKE_DEAD_LETTER_ARN: deadLetters.queueArn,
        ALIKE_UPLOAD_SETTLE_SECONDS: String(props.uploadSettleSeconds),
      },
    });
    const role = this.startTraining.role!;
    this.startTraining.grantInvoke(invoker);
    explainWildcard(invoker, `${arnOf(this.startTraining)}:*`, 'The versions of this one function.');
    deadLetters.grantSendMessages(invoker);
    invoker.grantPassRole(role);
    const schedules = { service: 'scheduler', resource: 'schedule', resourceName: `default/${props.name}-*` };
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['scheduler:CreateSchedule'],
        resources: [Stack.of(this).formatArn(schedules)],
      }),
    );
    explainWildcard(
      role,
      `${arnIn(this, 'scheduler')}:schedule/default/${props.name}-*`,
      'The schedules that this one deployment makes when it needs them.',
    );
    stateMachine.grantStartExecution(this.startTraining);
    stateMachine.grant(this.startTraining, 'states:ListExecutions');
    stateMachine.grantExecution(this.startTraining, 'states:DescribeExecution');
    explainWildcard(
      role,
      `${arnIn(this, 'states')}:execution:${executionName(stateMachine)}:*`,
      'The executions of this one state machine: which of them have read all uploads.',
    );
    grantListing(bucket, role, ['raw/']);

    const uploaded = (pattern: Record<string, unknown>[]) => ({
      source: ['aws.s3'],
      detailType: ['Object Created'],
      detail: { bucket: { name: [bucket.bucketName] }, object: { key: pattern } },
    });
    new Rule(this, 'Uploaded', {
      description: 'New data under raw/',
      eventPattern: uploaded([{ prefix: 'raw/' }]),
      targets: [new LambdaFunction(this.startTraining, { deadLetterQueue: deadLetters })],
    });
    new Rule(this, 'CurrentMoved', {
      description: 'Another run went live',
      eventPattern: uploaded([{ prefix: CURRENT_KEY }]),
      targets: [new LambdaFunction(props.retireRuns, { deadLetterQueue: deadLetters })],
    });
    if (props.schedule !== 'off') {
      new Schedule(this, 'Retraining', {
        description: 'Retrains on all data under raw/',
        schedule: ScheduleExpression.expression(props.schedule, TimeZone.of(props.scheduleTimeZone)),
        target: new LambdaInvoke(this.startTraining, {
          input: ScheduleTargetInput.fromObject({ source: 'alike.schedule' }),
          deadLetterQueue: deadLetters,
          role: invoker,
        }),
      });
    }
  }
}

/** How cdk-nag writes the part of an execution's ARN that names its state machine. */
function executionName(stateMachine: StateMachine): string {
  const Ref = Stack.of(stateMachine).getLogicalId(stateMachine.node.defaultChild as CfnResource);
  return JSON.stringify({ 'Fn::Select': [6, { 'Fn::Split': [':', { Ref }] }] });
}
