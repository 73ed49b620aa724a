import { ConfigurationError, messageOf } from '../../engine/errors.ts';
import { type StageOptions, stageArguments } from './stage-option.ts';

/** What a deployed stack says about itself; see the outputs in `infra/alike-stack.ts`. */
export interface Deployment {
  stackName: string;
  apiUrl: string;
  bucket: string;
  stateMachineArn: string;
  /** Whether the stack refuses to be removed. */
  isProtected: boolean;
  access: string;
  removalPolicy: 'retain' | 'destroy';
  /** Undefined where it is not hosted. */
  console: { url: string; bucket: string } | undefined;
  /** With which it was deployed; undefined for a stack of release 0.1, which kept none. */
  settings: Record<string, unknown> | undefined;
}

export function stackNameOf(stage: string): string {
  return `alike-${stage}`;
}

/** @returns undefined when there is no such stack. @throws ConfigurationError when AWS cannot be asked. */
export async function findDeployment(stage: string): Promise<Deployment | undefined> {
  const stackName = stackNameOf(stage);
  let outputs: Record<string, string>;
  let isProtected: boolean;
  // Loaded when it is needed: a wrong option is told without it, in half the time.
  const { CloudFormationClient, DescribeStacksCommand } = await import('@aws-sdk/client-cloudformation');
  try {
    const { Stacks } = await new CloudFormationClient({}).send(new DescribeStacksCommand({ StackName: stackName }));
    // The shell of a deployment that somebody did not confirm.
    if (Stacks![0].StackStatus === 'REVIEW_IN_PROGRESS') return undefined;
    isProtected = Stacks![0].EnableTerminationProtection === true;
    outputs = Object.fromEntries(
      Stacks![0].Outputs?.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]) ?? [],
    );
  } catch (cause) {
    if (messageOf(cause).includes('does not exist')) return undefined;
    throw new ConfigurationError(
      `Cannot look up the stack ${stackName}: ${messageOf(cause).replace(/[.]?$/, '.')} Check --region and the AWS credentials (aws login, aws sso login, AWS_PROFILE).`,
      { cause },
    );
  }
  return {
    stackName,
    apiUrl: outputs['ApiUrl'],
    bucket: outputs['BucketName'],
    stateMachineArn: outputs['StateMachineArn'],
    isProtected,
    access: outputs['ApiAccess'],
    removalPolicy: outputs['RemovalPolicy'] === 'destroy' ? 'destroy' : 'retain',
    console:
      outputs['ConsoleUrl'] === undefined
        ? undefined
        : { url: outputs['ConsoleUrl'], bucket: outputs['ConsoleBucket'] },
    settings: outputs['Settings'] === undefined ? undefined : JSON.parse(outputs['Settings']),
  };
}

/** @throws ConfigurationError when there is no such stack. */
export async function requireDeployment(stage: string, { region }: StageOptions = {}): Promise<Deployment> {
  const deployment = await findDeployment(stage);
  if (deployment !== undefined) return deployment;
  throw new ConfigurationError(
    `There is no stack ${stackNameOf(stage)} in this account and ${regionText()}: deploy it (npm run deploy --${stageArguments({ stage, region })}), or give --region or AWS_PROFILE of where it is.`,
  );
}

function regionText(): string {
  const region = process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'];
  return region === undefined ? 'the region of the AWS profile' : `the region ${region}`;
}
