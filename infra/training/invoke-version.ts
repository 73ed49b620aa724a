import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type IFunction, Version } from 'aws-cdk-lib/aws-lambda';
import { LambdaInvoke, type LambdaInvokeProps } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';

/**
 * Calls a published version, and may call every version of the function: CDK would allow the newest alone, and a run that
 * is under way while another is deployed would be refused the ones that it began with. The role also stays as it is from
 * release to release, so that CDK has no wider permissions to ask about.
 */
export class InvokeVersion extends LambdaInvoke {
  protected override readonly taskPolicies: PolicyStatement[];

  constructor(scope: Construct, id: string, props: Omit<LambdaInvokeProps, 'queryLanguage'>) {
    super(scope, id, props);
    this.taskPolicies = [
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: [`${functionOf(props.lambdaFunction).functionArn}:*`],
      }),
    ];
  }
}

function functionOf(invoked: IFunction): IFunction {
  return invoked instanceof Version ? invoked.lambda : invoked;
}
