import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { artifactKey } from '../../engine/artifacts/artifact-keys.ts';
import { openArtifactStore } from '../../lambdas/shared/store/open-artifact-store.ts';
import { workspaceUri } from '../../scripts/lib/workspace.ts';
import { publish, SAMPLE_INDEX_FILE } from '../support/published-model.ts';
import { runScript } from '../support/run-script.ts';

let workspace: string;

beforeAll(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'alike-registry-'));
  const store = await openArtifactStore(workspaceUri(workspace));
  await store.put(artifactKey('run-1', 'serving'), SAMPLE_INDEX_FILE);
  await publish(store, 'run-2', { previous: 'run-1' });
});
afterAll(() => rm(workspace, { recursive: true }));

describe('npm run runs, promote and rollback', () => {
  it('lists, moves and returns', async () => {
    const statuses = async () => {
      const { stdout } = await runScript('runs.ts', '--workspace', workspace, '--json');
      return JSON.parse(stdout).map(({ runId, status }: { runId: string; status: string }) => `${runId} ${status}`);
    };
    expect(await statuses()).toEqual(['run-2 live', 'run-1 previous']);
    const rolledBack = await runScript('rollback.ts', '--workspace', workspace);
    expect(rolledBack).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await statuses()).toEqual(['run-2 previous', 'run-1 live']);
    const promoted = await runScript('promote.ts', 'run-2', '--workspace', workspace);
    expect(promoted.stdout).toBe('Run run-2 is live; before it, run-1 was.\n');
    expect(await statuses()).toEqual(['run-2 live', 'run-1 previous']);
  });

  it('names an unknown run and how to find the known ones', async () => {
    const { exitCode, stderr } = await runScript('promote.ts', 'run-9', '--workspace', workspace);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^error: Run "run-9".*npm run runs/);
    const compared = await runScript('runs.ts', 'run-1', 'run-9', '--workspace', workspace);
    expect(compared.stderr).toMatch(/^error: There is no run "run-9"/);
  });
});

it.each(['runs.ts', 'status.ts', 'rollback.ts'])(
  '%s of a folder that is not there names it and fails',
  async (script) => {
    const gone = join(workspace, 'gone');
    const { exitCode, stdout, stderr } = await runScript(script, '--workspace', gone);
    expect([exitCode, stdout, stderr]).toEqual([1, '', `error: There is no folder "${gone}" (--workspace).\n`]);
  },
);
