import { EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';

export interface RunFailedRuleProps {
  /** Of the deployment. */
  readonly name: string;
  readonly stage: string;
  readonly stateMachine: StateMachine;
  readonly topic: ITopic;
}

/** Tells the topic of each run that failed, or took longer than all its stages may take together. */
export class RunFailedRule extends Rule {
  constructor(scope: Construct, id: string, { name, stage, stateMachine, topic }: RunFailedRuleProps) {
    const run = EventField.fromPath('$.detail.name');
    const status = EventField.fromPath('$.detail.status');
    super(scope, id, {
      description: 'A run failed or timed out',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { status: ['FAILED', 'TIMED_OUT'], stateMachineArn: [stateMachine.stateMachineArn] },
      },
      targets: [
        new SnsTopic(topic, {
          message: RuleTargetInput.fromText(
            `${name}: the training run ${run} ended as ${status}; the model that was live still is. Run npm run status -- --stage ${stage}: it names the stage, the cause and the fix. A run that is TIMED_OUT can be redriven in Step Functions (output RunsUrl).`,
          ),
        }),
      ],
    });
  }
}
