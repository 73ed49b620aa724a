import { type Command, Option } from 'commander';
import { shellWord } from '../../engine/shell-word.ts';
import type { ArtifactStore } from '../../lambdas/shared/store/artifact-store.ts';
import { openArtifactStore } from '../../lambdas/shared/store/open-artifact-store.ts';
import { namePlace } from '../../lambdas/shared/store/suggested-command.ts';
import { requireDeployment } from './deployment.ts';
import { workspaceOption } from './local-model.ts';
import { type StageOptions, stageArguments, withStageOptions } from './stage-option.ts';
import { typedPath } from './typed-path.ts';
import { DEFAULT_WORKSPACE, existingWorkspaceUri } from './workspace.ts';

export interface StoreOptions extends StageOptions {
  workspace: string;
  store?: string;
}

/** For commands that work on the artifacts of a local run or of a deployment alike. */
export function withStoreOptions(command: Command): Command {
  return withStageOptions(
    command.option('--workspace <folder>', 'where the artifacts of local runs are', typedPath, DEFAULT_WORKSPACE),
  ).addOption(
    new Option('--store <uri>', 'any other store of artifacts, such as a copy: s3://bucket/prefix').conflicts([
      'stage',
      'workspace',
    ]),
  );
}

export async function openStore(options: StoreOptions): Promise<ArtifactStore> {
  return namePlace(await openArtifactStore(await uriOf(options)), placeOptions(options));
}

async function uriOf({ workspace, store, ...deployment }: StoreOptions): Promise<string> {
  if (store !== undefined) return store;
  if (deployment.stage === undefined) return existingWorkspaceUri(workspace);
  const { bucket } = await requireDeployment(deployment.stage, deployment);
  return `s3://${bucket}`;
}

/** The options that name the same place once more. */
export function placeOptions({ workspace, store, ...deployment }: StoreOptions): string {
  if (store !== undefined) return ` --store ${shellWord(store)}`;
  return deployment.stage === undefined ? workspaceOption(workspace) : stageArguments(deployment);
}
