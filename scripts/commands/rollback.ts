import { rollBack } from '../../lambdas/shared/runs/promotion.ts';
import { newCommand, runCommand } from '../lib/command.ts';
import { openStore, type StoreOptions, withStoreOptions } from '../lib/store-option.ts';

const command = withStoreOptions(
  newCommand({
    script: 'rollback',
    summary: 'Returns to the run that was live before the present one, by one conditional write.',
    examples: ['npm run rollback', 'npm run rollback -- --stage prod'],
  }),
).action(async (options: StoreOptions) => {
  const runId = await rollBack(await openStore(options), new Date().toISOString());
  process.stdout.write(`Run ${runId} is live again. Rolling back once more undoes this.\n`);
});

process.exitCode = await runCommand(command);
