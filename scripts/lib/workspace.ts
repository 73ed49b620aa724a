import { randomUUID } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigurationError, NotFoundError } from '../../engine/errors.ts';
import { explainPlaceError } from './place-error.ts';

export const DEFAULT_WORKSPACE = '.alike';

/**
 * Points the Lambdas of this process at a local folder instead of a bucket. Call it before a handler is loaded: a
 * handler reads its environment once, as in Lambda. Their structured logs are for CloudWatch and stay silent here
 * unless `POWERTOOLS_LOG_LEVEL` asks for them.
 */
export function useWorkspace(folder: string): void {
  process.env['ALIKE_STORE_URI'] = workspaceUri(folder);
  process.env['POWERTOOLS_LOG_LEVEL'] ??= 'SILENT';
  process.env['POWERTOOLS_METRICS_DISABLED'] ??= 'true';
  process.env['POWERTOOLS_TRACE_ENABLED'] ??= 'false';
}

/** Enough to see that a disk is not full. */
const PROBE_BYTES = 1024 * 1024;

/**
 * Makes a local folder of artifacts and tries it out, so that a run does not find out at its end.
 *
 * @throws ConfigurationError when nothing can be written there.
 */
export async function prepareWorkspace(folder: string): Promise<void> {
  const probe = join(folder, `.probe-${randomUUID()}`);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(probe, new Uint8Array(PROBE_BYTES), { flush: true });
  } catch (error) {
    throw explainPlaceError(error, `Cannot write to the workspace ${folder}`, '--workspace');
  } finally {
    await rm(probe, { force: true }).catch(() => {});
  }
}

/** @throws ConfigurationError when it is a file, or an address, of which a folder of that name would be made here. */
export function workspaceUri(folder: string): string {
  if (/^[a-z0-9]+:\/\//i.test(folder)) {
    throw new ConfigurationError(
      `A workspace is a folder of this machine, found ${JSON.stringify(folder)}. A deployment's bucket is named by its stage: --stage dev.`,
    );
  }
  if (isFile(folder)) throw new ConfigurationError(`The workspace ${folder} is a file: name a folder (--workspace).`);
  return pathToFileURL(resolve(folder)).href;
}

/**
 * Of a folder whose artifacts are looked at: one that is misspelt would be an empty shop. The default one comes with the first run.
 *
 * @throws NotFoundError when it is not there. @throws ConfigurationError as `workspaceUri`.
 */
export function existingWorkspaceUri(folder: string): string {
  const uri = workspaceUri(folder);
  if (folder !== DEFAULT_WORKSPACE && !existsSync(folder)) {
    throw new NotFoundError(`There is no folder ${JSON.stringify(resolve(folder))} (--workspace).`);
  }
  return uri;
}

function isFile(folder: string): boolean {
  try {
    return statSync(folder, { throwIfNoEntry: false })?.isFile() === true;
  } catch (error) {
    throw explainPlaceError(error, `Cannot open the workspace ${folder}`, '--workspace');
  }
}
