/** What CloudFormation says of a stack, in so far as it tells what can be done with it. */
export interface StackState {
  stackName: string;
  /** `CREATE_COMPLETE` and the like. */
  status: string;
  reason: string | undefined;
}

/** What a command asks of a stack: `use` looks at it, asks it or trains in it. */
export type StackUse = 'use' | 'deploy' | 'destroy';

/** CDK removes such a stack by itself before it makes it anew. CREATE_FAILED, of a deployment without a rollback, it does not. */
const MADE_ANEW = ['ROLLBACK_COMPLETE', 'ROLLBACK_FAILED'];
const NEVER_RAN = [...MADE_ANEW, 'CREATE_FAILED'];
/** How a stack gets out of a state in which CloudFormation takes no update. */
const WAYS_BACK: Readonly<Record<string, string>> = {
  UPDATE_FAILED: 'rollback-stack',
  UPDATE_ROLLBACK_FAILED: 'continue-update-rollback',
};

/** Whether the first deployment failed: there is a stack, and nothing of it runs. */
export function neverRan({ status }: Pick<StackState, 'status'>): boolean {
  return NEVER_RAN.includes(status);
}

/**
 * Why a stack cannot be used, deployed or destroyed now, and what to do.
 *
 * @param place the options that name it. @returns undefined when it can.
 */
export function refusalOf({ stackName, status, reason }: StackState, use: StackUse, place: string): string | undefined {
  const deploy = `npm run deploy --${place}`;
  const destroy = `npm run destroy --${place}`;
  const why = (reason ?? '').replace(/\s+/g, ' ').trim().replace(/\.$/, '');
  const shown = why === '' ? status : `${status}: ${why}`;
  if (status === 'CREATE_IN_PROGRESS') {
    return `${stackName} is being deployed for the first time (${shown}): wait until that ends.`;
  }
  if (status === 'ROLLBACK_IN_PROGRESS') {
    return `The last deployment of ${stackName} failed, and what it made is being removed (${shown}): wait until that ends, then deploy it again (${deploy}).`;
  }
  if (status === 'DELETE_IN_PROGRESS') {
    return `${stackName} is being removed (${shown}): wait until that ends; then it can be deployed anew (${deploy}).`;
  }
  if (status === 'DELETE_FAILED') {
    if (use === 'destroy') return undefined;
    return `${stackName} was removed in part only (${shown}): remove the rest (${destroy}), then deploy it anew (${deploy}).`;
  }
  if (neverRan({ status })) {
    if (use === 'destroy' || (use === 'deploy' && MADE_ANEW.includes(status))) return undefined;
    const fix = MADE_ANEW.includes(status)
      ? `deploy it again (${deploy}), or remove it (${destroy})`
      : `remove it (${destroy}), then deploy it again (${deploy})`;
    return `The last deployment of ${stackName} failed (${shown}), and nothing of it runs: ${fix}.`;
  }
  if (use === 'use') return undefined;
  if (status.endsWith('_IN_PROGRESS')) {
    return `${stackName} is being changed (${shown}): wait until that ends.`;
  }
  const wayBack = WAYS_BACK[status];
  if (use === 'destroy' || wayBack === undefined) return undefined;
  return `${halfUpdated(stackName, shown)}. Bring it back first (aws cloudformation ${wayBack} --stack-name ${stackName}), then deploy it again (${deploy}).`;
}

/** What is doubtful about a stack that can be used. @returns undefined when nothing is. */
export function doubtOf({ stackName, status }: StackState): string | undefined {
  return WAYS_BACK[status] === undefined ? undefined : `${halfUpdated(stackName, status)}.`;
}

function halfUpdated(stackName: string, shown: string): string {
  return `The last update of ${stackName} failed and was not undone (${shown}): some of it may be new and some old`;
}
