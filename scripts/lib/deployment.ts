import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { ConfigurationError, messageOf } from '../../engine/errors.ts';

/** What a deployed stack says about itself; see the outputs in `infra/alike-stack.ts`. */
export interface Deployment {
  stackName: string;
  apiUrl: string;
  bucket: string;
  stateMachineArn: string;
  dashboardUrl: string;
  removalPolicy: 'retain' | 'destroy';
}

export function stackNameOf(stage: string): string {
  return `alike-${stage}`;
}

/** @returns undefined when there is no such stack. @throws ConfigurationError when AWS cannot be asked. */
export async function findDeployment(stage: string): Promise<Deployment | undefined> {
  const stackName = stackNameOf(stage);
  let outputs: Record<string, string>;
  try {
    const { Stacks } = await new CloudFormationClient({}).send(new DescribeStacksCommand({ StackName: stackName }));
    outputs = Object.fromEntries(
      Stacks![0].Outputs?.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]) ?? [],
    );
  } catch (cause) {
    if (messageOf(cause).includes('does not exist')) return undefined;
    throw new ConfigurationError(
      `Cannot look up the stack ${stackName}: ${messageOf(cause)} Check AWS_REGION and the AWS credentials (aws login, aws sso login, AWS_PROFILE).`,
      { cause },
    );
  }
  return {
    stackName,
    apiUrl: outputs['ApiUrl'],
    bucket: outputs['BucketName'],
    stateMachineArn: outputs['StateMachineArn'],
    dashboardUrl: outputs['DashboardUrl'],
    removalPolicy: outputs['RemovalPolicy'] === 'destroy' ? 'destroy' : 'retain',
  };
}

/** @throws ConfigurationError when there is no such stack. */
export async function requireDeployment(stage: string): Promise<Deployment> {
  const deployment = await findDeployment(stage);
  if (deployment !== undefined) return deployment;
  throw new ConfigurationError(
    `There is no stack ${stackNameOf(stage)} in this account and region: deploy it (npm run deploy -- --stage ${stage}), or check AWS_PROFILE and AWS_REGION.`,
  );
}
