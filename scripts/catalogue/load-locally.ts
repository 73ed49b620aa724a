import { randomUUID } from 'node:crypto';
import { copyFile, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { FeedRecord } from '../../engine/catalogue/feed-record.ts';
import { InputError } from '../../engine/errors.ts';
import { type LoadOptions, loadFeed } from '../../lambdas/catalogue/load-feed.ts';
import { runIdOf } from '../../lambdas/shared/runs/run-id.ts';
import { openArtifactStore } from '../../lambdas/shared/store/open-artifact-store.ts';
import { prepareWorkspace, workspaceUri } from '../lib/workspace.ts';

/** Loads a feed into a local folder. @throws InputError when there is no such file, or it cannot be used. */
export async function loadLocally(feed: string, workspace: string, options: LoadOptions): Promise<FeedRecord> {
  const { path, sizeBytes } = await requireFeedFile(feed);
  await prepareWorkspace(workspace);
  const store = await openArtifactStore(workspaceUri(workspace));
  const now = () => new Date().toISOString();
  const source = {
    name: basename(path),
    id: randomUUID(),
    uploadedAt: now(),
    sizeBytes,
    download: (to: string) => copyFile(path, to),
  };
  const newVersion = () => runIdOf({ id: randomUUID(), startedAt: now() });
  // Its id is new, so it was not loaded before.
  return (await loadFeed({ store, now, newVersion }, source, options))!;
}

/** @throws InputError when there is no such file. */
export async function requireFeedFile(feed: string): Promise<{ path: string; sizeBytes: number }> {
  const path = resolve(feed);
  const file = await stat(path).catch(() => undefined);
  if (file?.isFile() === true) return { path, sizeBytes: file.size };
  throw new InputError(
    `There is no file ${JSON.stringify(path)}. Name a feed, or one of list, promote VERSION, rollback: npm run catalogue -- --help`,
  );
}
