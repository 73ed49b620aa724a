import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CURRENT_KEY } from '../../../engine/artifacts/artifact-keys.ts';
import { openArtifactStore } from '../../../lambdas/shared/store/open-artifact-store.ts';
import { requireModel } from '../../../scripts/lib/local-model.ts';
import { workspaceUri } from '../../../scripts/lib/workspace.ts';
import { publish } from '../../support/published-model.ts';

let workspace: string;
beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), "shop's "));
});
afterEach(() => rm(workspace, { recursive: true }));

test('where the pointer is gone, the run that is ready is named with the command that makes it live', async () => {
  const store = await openArtifactStore(workspaceUri(workspace));
  await publish(store, 'run-1');
  await requireModel(workspace);
  await store.delete(CURRENT_KEY);
  const quoted = `'${workspace.replace("'", "'\\''")}'`;
  await expect(requireModel(workspace)).rejects.toThrow(
    `Run run-1 is ready. Make it live: npm run promote -- run-1 --workspace ${quoted}`,
  );
});

test('where there is no run, it says how to train', async () => {
  await expect(requireModel(workspace)).rejects.toThrow('Train first: npm run train -- --data FILE --workspace');
});
