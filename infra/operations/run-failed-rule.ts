import { EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';

export interface RunFailedRuleProps {
  /** Of the deployment. */
  readonly name: string;
  readonly stage: string;
  readonly stateMachine: StateMachine;
  readonly topic: ITopic;
  /** Takes what the topic could not be told. */
  readonly deadLetters: IQueue;
}

/** Tells the topic of each run that failed, or took longer than all its stages may take together. */
export class RunFailedRule extends Rule {
  constructor(scope: Construct, id: string, { name, stage, stateMachine, topic, deadLetters }: RunFailedRuleProps) {
    super(scope, id, {
      description: 'A run failed or timed out',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { status: ['FAILED', 'TIMED_OUT'], stateMachineArn: [stateMachine.stateMachineArn] },
      },
    });
    // The statement that this adds has no condition: AWS shows none for rules, and a mail that is not let in would be missed.
    this.addTarget(
      new SnsTopic(topic, { message: RuleTargetInput.fromText(messageFor(name, stage)), deadLetterQueue: deadLetters }),
    );
  }
}

/** The event has no run's id, which takes a checksum (`runIdOf`): the message says where the id stands. */
function messageFor(name: string, stage: string): string {
  const status = EventField.fromPath('$.detail.status');
  const execution = EventField.fromPath('$.detail.name');
  const where = `--stage ${stage} --region ${EventField.fromPath('$.region')}`;
  return [
    `${name}: a training run ended as ${status}; the model that was live still is.`,
    `npm run runs -- ${where} lists the runs, the newest first (in Step Functions its execution is ${execution}).`,
    `If it is FAILED: npm run status -- ${where} names the stage, the cause and the fix.`,
    `If it is TIMED_OUT: it took longer than all its stages may take together and left no cause. Go on with it: npm run train -- --resume RUN ${where}. If it times out again, its stages are in Step Functions (output RunsUrl).`,
  ].join(' ');
}
