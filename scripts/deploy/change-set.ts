import { messageOf } from '../../engine/errors.ts';
import type { ResourceChange } from './replacements.ts';

/** Between preparing and executing, nobody else's of this name. */
export const CHANGE_SET = 'alike-deploy';

/** What a prepared change set would do. @returns undefined when there is none, since nothing changes. */
export async function readChangeSet(StackName: string): Promise<ResourceChange[] | undefined> {
  const { CloudFormationClient, DescribeChangeSetCommand } = await import('@aws-sdk/client-cloudformation');
  const client = new CloudFormationClient({});
  const changes: ResourceChange[] = [];
  let NextToken: string | undefined;
  try {
    do {
      const page = await client.send(new DescribeChangeSetCommand({ StackName, ChangeSetName: CHANGE_SET, NextToken }));
      if (page.Status === 'FAILED') return undefined;
      for (const { ResourceChange } of page.Changes ?? [])
        if (ResourceChange !== undefined) changes.push(ResourceChange);
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
  } catch (error) {
    if (
      /ChangeSet.*(does not exist|NotFound)|ChangeSetNotFound/i.test(`${(error as Error).name} ${messageOf(error)}`)
    ) {
      return undefined;
    }
    throw error;
  }
  return changes;
}

/** Of one that is not to be executed. */
export async function deleteChangeSet(StackName: string): Promise<void> {
  const { CloudFormationClient, DeleteChangeSetCommand } = await import('@aws-sdk/client-cloudformation');
  await new CloudFormationClient({}).send(new DeleteChangeSetCommand({ StackName, ChangeSetName: CHANGE_SET }));
}
