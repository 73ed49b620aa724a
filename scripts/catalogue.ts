import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { InputError } from '../engine/errors.ts';
import { loadFeed } from '../lambdas/catalogue/load-feed.ts';
import { runIdOf } from '../lambdas/shared/runs/run-id.ts';
import { openArtifactStore } from '../lambdas/shared/store/open-artifact-store.ts';
import { newCommand, runCommand } from './lib/command.ts';
import { DEFAULT_WORKSPACE, prepareWorkspace, workspaceUri } from './lib/workspace.ts';

const command = newCommand({
  script: 'catalogue',
  summary: "Loads a feed of the shop's products: what they are called, cost and look like, and which are in stock.",
  examples: ['npm run catalogue -- products.csv'],
})
  .argument('<feed>', 'CSV, TSV, JSON Lines, JSON or Parquet, plain or gzip or zstd')
  .option('--workspace <folder>', 'where artifacts go', DEFAULT_WORKSPACE)
  .action(async (feed: string, { workspace }: { workspace: string }) => {
    const path = resolve(feed);
    const file = await stat(path).catch(() => undefined);
    if (file?.isFile() !== true) throw new InputError(`There is no file ${JSON.stringify(path)}.`);
    await prepareWorkspace(workspace);
    const loadedAt = new Date().toISOString();
    const { version, counts } = await loadFeed(
      await openArtifactStore(workspaceUri(workspace)),
      { store: await openArtifactStore(workspaceUri(dirname(path))), key: basename(path), sizeBytes: file.size },
      {},
      { version: runIdOf({ id: randomUUID(), startedAt: loadedAt }), loadedAt },
    );
    process.stdout.write(`Catalogue ${version} is live: ${counts.products} products.\n`);
  });

process.exitCode = await runCommand(command);
