import { ConfigurationError, messageOf } from '../../engine/errors.ts';

/** What `lambdas/start-training` makes at run time, and CloudFormation does not know. */
const KINDS = ['uploads', 'again'];

/**
 * Deletes the schedules of a stack that is gone: there is nothing left that they could start.
 *
 * @returns how many there were. @throws ConfigurationError when AWS refuses it.
 */
export async function deleteOneTimeSchedules(stackName: string): Promise<number> {
  const { DeleteScheduleCommand, paginateListSchedules, ResourceNotFoundException, SchedulerClient } = await import(
    '@aws-sdk/client-scheduler'
  );
  const client = new SchedulerClient({});
  const names: string[] = [];
  try {
    for (const kind of KINDS) {
      const asked = { GroupName: 'default', NamePrefix: `${stackName}-${kind}-` };
      for await (const { Schedules = [] } of paginateListSchedules({ client }, asked)) {
        names.push(...Schedules.map(({ Name }) => Name!));
      }
    }
    for (const Name of names) {
      await client.send(new DeleteScheduleCommand({ GroupName: 'default', Name })).catch((error) => {
        // It was due meanwhile, and deleted itself.
        if (!(error instanceof ResourceNotFoundException)) throw error;
      });
    }
  } catch (cause) {
    throw new ConfigurationError(
      `The one-time schedules ${stackName}-${KINDS[0]}-… and ${stackName}-${KINDS[1]}-… may be left; each does nothing and goes when it is due: ${messageOf(cause).replace(/[.]?$/, '.')} Allow this identity scheduler:ListSchedules and scheduler:DeleteSchedule, and run this command again.`,
      { cause },
    );
  }
  return names.length;
}
