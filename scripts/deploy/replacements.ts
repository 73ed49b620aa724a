/** A change of one resource, as CloudFormation's `DescribeChangeSet` has it. */
export interface ResourceChange {
  Action?: string;
  ResourceType?: string;
  LogicalResourceId?: string;
  PhysicalResourceId?: string;
  /** True, False, or Conditional where only the deployment will tell. */
  Replacement?: string;
  /** What becomes of the old one: Delete, Retain, ReplaceAndDelete, ReplaceAndRetain … */
  PolicyAction?: string;
}

/** What goes with a resource. Everything else is made anew without anybody noticing. */
const LOSSES: Readonly<Record<string, string>> = {
  'AWS::S3::Bucket':
    'the new bucket has none of the uploads and runs, and nothing is live until a run has ended. To keep them: --set bucket=NAME of the old one, in a stack that does not have it yet',
  'AWS::ApiGatewayV2::Api': "the API's address changes, and callers of the old one are answered no more",
  'AWS::SNS::Topic': 'subscriptions to alarms go; alarmEmail has to confirm a mail from AWS again',
  'AWS::SQS::Queue': 'messages about lost events that nobody has read go',
  'AWS::Logs::LogGroup': 'the new log begins empty',
  'AWS::StepFunctions::StateMachine': 'a run that is under way is stopped, and the history of executions goes',
};

/** What somebody loses by the change set, a sentence a resource. */
export function replacementLosses(changes: readonly ResourceChange[]): string[] {
  return changes.flatMap((change) => {
    const loss = LOSSES[change.ResourceType ?? ''];
    const what = describe(change);
    if (loss === undefined || what === undefined) return [];
    const stays = /Retain$/.test(change.PolicyAction ?? '') ? ' The old one is kept.' : '';
    return [
      `${change.LogicalResourceId} (${change.PhysicalResourceId ?? change.ResourceType}) ${what}: ${loss}.${stays}`,
    ];
  });
}

/** @returns undefined when it stays what it is. */
function describe({ Action, Replacement }: ResourceChange): string | undefined {
  if (Action === 'Remove') return 'goes';
  if (Action !== 'Modify') return undefined;
  if (Replacement === 'True') return 'is replaced';
  return Replacement === 'Conditional' ? 'may be replaced' : undefined;
}
