import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, copyFile, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { FeedRecord } from '../../engine/catalogue/feed-record.ts';
import { InputError } from '../../engine/errors.ts';
import { type LoadOptions, loadFeed } from '../../lambdas/catalogue/load-feed.ts';
import { runIdOf } from '../../lambdas/shared/runs/run-id.ts';
import { codeOf, explainFileError, explainReadError } from '../../lambdas/shared/store/file-error.ts';
import { openArtifactStore } from '../../lambdas/shared/store/open-artifact-store.ts';
import { typedPath } from '../lib/typed-path.ts';
import { prepareWorkspace, workspaceUri } from '../lib/workspace.ts';
import { isMadeUpCatalogue } from '../sample/made-up-shop.ts';

/**
 * Loads a feed into a local folder. @throws InputError when there is no such file, or it cannot be used.
 * @throws ConfigurationError when it may not be read, or not be copied.
 */
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
    download: (to: string) =>
      copyFile(path, to).catch((error: unknown) => {
        throw explainFileError(error, `Cannot copy ${path} to ${to}`, 'TMPDIR');
      }),
  };
  const newVersion = () => runIdOf({ id: randomUUID(), startedAt: now() });
  const isPlaceholder = (live: FeedRecord) => isMadeUpCatalogue(store, workspace, live);
  // Its id is new, so it was not loaded before.
  return (await loadFeed({ store, now, newVersion, isPlaceholder }, source, options))!;
}

/** @throws InputError when there is none, or something else. @throws ConfigurationError when it may not be read. */
export async function requireFeedFile(feed: string): Promise<{ path: string; sizeBytes: number }> {
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(feed)) {
    throw new InputError(
      `${JSON.stringify(feed)} is an address, and a feed is a file: download it first, as with curl -o feed.xml ADDRESS, and name that.`,
    );
  }
  const path = resolve(typedPath(feed));
  try {
    const found = await stat(path);
    await access(path, constants.R_OK);
    if (found.isFile()) return { path, sizeBytes: found.size };
    const kind = found.isDirectory() ? 'a folder: name a file in it' : 'a pipe or a device: write it to a file first';
    throw new InputError(`${JSON.stringify(path)} is ${kind}.`);
  } catch (error) {
    if (!['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) throw explainReadError(error, `Cannot read ${path}`);
  }
  throw new InputError(
    `There is no file ${JSON.stringify(path)}. Name a feed, or one of list, promote VERSION, rollback: npm run catalogue -- --help`,
  );
}
