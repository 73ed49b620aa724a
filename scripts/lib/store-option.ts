import type { Command } from 'commander';
import type { ArtifactStore } from '../../lambdas/shared/store/artifact-store.ts';
import { openArtifactStore } from '../../lambdas/shared/store/open-artifact-store.ts';
import { DEFAULT_WORKSPACE, workspaceUri } from './workspace.ts';

export interface StoreOptions {
  workspace: string;
  store?: string;
}

/** For commands that work on the artifacts of a local run or of a deployment alike. */
export function withStoreOptions(command: Command): Command {
  return command
    .option('--workspace <folder>', 'where the artifacts of local runs are', DEFAULT_WORKSPACE)
    .option('--store <uri>', "a deployment's artifacts in place of the workspace: s3://bucket");
}

export function openStore({ workspace, store }: StoreOptions): Promise<ArtifactStore> {
  return openArtifactStore(store ?? workspaceUri(workspace));
}
