import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

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

export function workspaceUri(folder: string): string {
  return pathToFileURL(resolve(folder)).href;
}
