import { type CfnResource, Stack, Token, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Says why a policy's resource has a wildcard, so that cdk-nag takes it.
 *
 * @param resource as the template has it; see {@link arnOf}.
 */
export function explainWildcard(construct: IConstruct, resource: string, reason: string): void {
  Validations.of(construct).acknowledge({ id: `AwsSolutions-IAM5[Resource::${resource}]`, reason });
}

/** How cdk-nag writes the ARN of a resource. */
export function arnOf(construct: IConstruct): string {
  return `<${Stack.of(construct).getLogicalId(construct.node.defaultChild as CfnResource)}.Arn>`;
}

/** How cdk-nag writes the beginning of an ARN of a service in a stack, whose account and region may not be known yet. */
export function arnIn(construct: IConstruct, service: string): string {
  const stack = Stack.of(construct);
  const text = (value: string, name: string) => (Token.isUnresolved(value) ? `<AWS::${name}>` : value);
  const { partition, region, account } = stack;
  return `arn:${text(partition, 'Partition')}:${service}:${text(region, 'Region')}:${text(account, 'AccountId')}`;
}
