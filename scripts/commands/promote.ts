import { promoteRun } from '../../lambdas/shared/runs/promotion.ts';
import { newCommand, runCommand } from '../lib/command.ts';
import { openStore, type StoreOptions, withStoreOptions } from '../lib/store-option.ts';

const command = withStoreOptions(
  newCommand({
    script: 'promote',
    summary: 'Makes a finished run live, whatever the gate said of it, by one conditional write.',
    examples: [
      'npm run promote -- 20261123T161500123Z-9f3a02c1',
      'npm run promote -- 20261123T161500123Z-9f3a02c1 --stage prod',
    ],
  }).argument('<run>', 'its id, as "npm run runs" lists it'),
).action(async (runId: string, options: StoreOptions) => {
  const before = await promoteRun(await openStore(options), runId, new Date().toISOString());
  process.stdout.write(
    before === runId
      ? `Run ${runId} is live already.\n`
      : `Run ${runId} is live; before it, ${before ?? 'nothing'} was.\n`,
  );
});

process.exitCode = await runCommand(command);
