import { artifactKey } from '../engine/artifacts/artifact-keys.ts';
import { manifestSchema } from '../engine/artifacts/manifest.ts';
import { messageOf, NotFoundError } from '../engine/errors.ts';
import { runReportSchema } from '../engine/evaluation/run-report.ts';
import { listRuns } from '../lambdas/shared/runs/registry.ts';
import { readJsonIfSound } from '../lambdas/shared/store/json-artifact.ts';
import { newCommand, runCommand } from './lib/command.ts';
import { compareRuns, type RunFigures, tableOfRuns } from './lib/runs-table.ts';
import { openStore, type StoreOptions, withStoreOptions } from './lib/store-option.ts';

const command = withStoreOptions(
  newCommand({
    script: 'runs',
    summary: 'Lists all runs, newest first, or compares two: what went in, with which settings, and what came out.',
    examples: ['npm run runs', 'npm run runs -- 20261123T161500123Z-9f3a02c1 20261124T010000456Z-0c11d7be'],
  })
    .argument('[run]', 'with another one: compares the two')
    .argument('[other]'),
)
  .option('--json', 'print JSON')
  .action(async (run: string | undefined, other: string | undefined, options: StoreOptions & { json?: boolean }) => {
    const store = await openStore(options);
    const registered = await listRuns(store);
    const figuresOf = async (runId: string): Promise<RunFigures> => {
      const found = registered.find((candidate) => candidate.runId === runId);
      if (found === undefined) throw new NotFoundError(`There is no run ${JSON.stringify(runId)} in ${store.uri}.`);
      return {
        ...found,
        manifest: await readJsonIfSound(store, artifactKey(runId, 'manifest'), manifestSchema, warn),
        report: await readJsonIfSound(store, artifactKey(runId, 'report'), runReportSchema, warn),
      };
    };
    const asked = [run, other].filter((runId) => runId !== undefined);
    const figures = await Promise.all(
      (asked.length === 0 ? registered.map(({ runId }) => runId) : asked).map(figuresOf),
    );
    if (options.json) process.stdout.write(`${JSON.stringify(figures)}\n`);
    else
      process.stdout.write(
        figures.length === 2 && asked.length === 2 ? compareRuns(figures[0], figures[1]) : tableOfRuns(figures),
      );
  });

/** One damaged run is no reason not to show the others. */
function warn(fault: unknown): void {
  process.stderr.write(`${messageOf(fault)}\n`);
}

process.exitCode = await runCommand(command);
