import { fileURLToPath } from 'node:url';
import { NotFoundError } from '../../engine/errors.ts';
import { listRuns } from '../../lambdas/shared/runs/registry.ts';
import type { ArtifactStore } from '../../lambdas/shared/store/artifact-store.ts';
import { newCommand, runCommand } from '../lib/command.ts';
import { readFigures, warn } from '../lib/read-runs.ts';
import { compareRuns, describeRun, type RunFigures, tableOfRuns } from '../lib/runs-table.ts';
import { openStore, placeOptions, type StoreOptions, withStoreOptions } from '../lib/store-option.ts';

const command = withStoreOptions(
  newCommand({
    script: 'runs',
    summary:
      'Lists all runs, newest first; tells all about one; or compares two: what went in, with which settings, what came out, and why a run failed.',
    examples: [
      'npm run runs',
      'npm run runs -- --stage prod',
      'npm run runs -- 20261123T161500123Z-9f3a02c1',
      'npm run runs -- 20261123T161500123Z-9f3a02c1 20261124T010000456Z-0c11d7be',
    ],
  })
    .argument('[run]', 'one of them; with another one: compares the two')
    .argument('[other]'),
)
  .option('--json', 'print JSON')
  .action(async (run: string | undefined, other: string | undefined, options: StoreOptions & { json?: boolean }) => {
    const store = await openStore(options);
    const where = placeOptions(options);
    const registered = await listRuns(store, warn);
    const figuresOf = async (runId: string): Promise<RunFigures> => {
      const found = registered.find((candidate) => candidate.runId === runId);
      if (found === undefined) throw new NotFoundError(`There is no run ${JSON.stringify(runId)} in ${store.uri}.`);
      return readFigures(store, found);
    };
    const asked = [run, other].filter((runId) => runId !== undefined);
    const figures = await Promise.all(
      (asked.length === 0 ? registered.map(({ runId }) => runId) : asked).map(figuresOf),
    );
    if (options.json) process.stdout.write(`${JSON.stringify(figures)}\n`);
    else if (asked.length === 0) process.stdout.write(tableOfRuns(figures, placeOf(store), where));
    else
      process.stdout.write(asked.length === 1 ? describeRun(figures[0], where) : compareRuns(figures[0], figures[1]));
  });

/** As a person names it. */
function placeOf({ uri }: ArtifactStore): string {
  return uri.startsWith('file:') ? fileURLToPath(uri) : uri;
}

process.exitCode = await runCommand(command);
