import { ConfigurationError, messageOf } from '../../engine/errors.ts';
import { doubtOf, refusalOf, type StackState, type StackUse } from './stack-state.ts';
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

/** A stack in whatever state it is. */
export interface FoundStack extends StackState {
  /** Whether it refuses to be removed. */
  isProtected: boolean;
  /** What its outputs say; undefined when it has none, as after a first deployment that failed. */
  deployment: Deployment | undefined;
}

/** Without these a stack is no deployment of Alike. */
const NEEDED_OUTPUTS = ['ApiUrl', 'BucketName', 'StateMachineArn'];

/** @returns undefined when there is no such stack. @throws ConfigurationError when AWS cannot be asked. */
export async function findStack(stage: string): Promise<FoundStack | undefined> {
  const stackName = stackNameOf(stage);
  // Loaded when it is needed: a wrong option is told without it, in half the time.
  const { CloudFormationClient, DescribeStacksCommand } = await import('@aws-sdk/client-cloudformation');
  try {
    const { Stacks } = await new CloudFormationClient({}).send(new DescribeStacksCommand({ StackName: stackName }));
    const { StackStatus, StackStatusReason, EnableTerminationProtection, Outputs = [] } = Stacks![0];
    const status = String(StackStatus);
    // The shell of a deployment that somebody did not confirm, and what is gone.
    if (status === 'REVIEW_IN_PROGRESS' || status === 'DELETE_COMPLETE') return undefined;
    const isProtected = EnableTerminationProtection === true;
    const outputs = Object.fromEntries(Outputs.map(({ OutputKey, OutputValue }) => [OutputKey!, OutputValue!]));
    return {
      stackName,
      status,
      reason: StackStatusReason,
      isProtected,
      deployment: NEEDED_OUTPUTS.every((name) => outputs[name] !== undefined)
        ? deploymentOf(stackName, isProtected, outputs)
        : undefined,
    };
  } catch (cause) {
    if (messageOf(cause).includes('does not exist')) return undefined;
    throw new ConfigurationError(
      `Cannot look up the stack ${stackName}: ${messageOf(cause).replace(/[.]?$/, '.')} Check --region and the AWS credentials (aws login, aws sso login, AWS_PROFILE).`,
      { cause },
    );
  }
}

function deploymentOf(stackName: string, isProtected: boolean, outputs: Record<string, string>): Deployment {
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

/** @throws ConfigurationError that says why the stack cannot be used, deployed or destroyed now, and what to do. */
export function checkStack(stack: FoundStack, use: StackUse, options: StageOptions): void {
  const refusal = refusalOf(stack, use, stageArguments(options));
  if (refusal !== undefined) throw new ConfigurationError(refusal);
}

/** @throws ConfigurationError when the stack is of something else. */
export function deploymentIn({ stackName, status, deployment }: FoundStack): Deployment {
  if (deployment !== undefined) return deployment;
  throw new ConfigurationError(
    `The stack ${stackName} (${status}) has not the outputs ${NEEDED_OUTPUTS.join(', ')}: it is no deployment of Alike. Give another --stage.`,
  );
}

/** @throws ConfigurationError when there is no such stack, or it cannot be used now. */
export async function requireDeployment(stage: string, { region }: StageOptions = {}): Promise<Deployment> {
  const stack = await findStack(stage);
  if (stack !== undefined) {
    checkStack(stack, 'use', { stage, region });
    const doubt = doubtOf(stack);
    if (doubt !== undefined) process.stderr.write(`warning: ${doubt}\n`);
    return deploymentIn(stack);
  }
  throw new ConfigurationError(
    `There is no stack ${stackNameOf(stage)} in this account and ${regionText()}: deploy it (npm run deploy --${stageArguments({ stage, region })}), or give --region or AWS_PROFILE of where it is.`,
  );
}

/** Of a stack whose first deployment failed, which has nothing to protect: CDK could not remove it otherwise. */
export async function unprotect({ stackName }: FoundStack): Promise<void> {
  const { CloudFormationClient, UpdateTerminationProtectionCommand } = await import('@aws-sdk/client-cloudformation');
  try {
    await new CloudFormationClient({}).send(
      new UpdateTerminationProtectionCommand({ StackName: stackName, EnableTerminationProtection: false }),
    );
  } catch (cause) {
    throw new ConfigurationError(
      `The last deployment of ${stackName} failed, and the stack is protected against removal: ${messageOf(cause).replace(/[.]?$/, '.')} Allow this identity cloudformation:UpdateTerminationProtection.`,
      { cause },
    );
  }
}

function regionText(): string {
  const region = process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'];
  return region === undefined ? 'the region of the AWS profile' : `the region ${region}`;
}
