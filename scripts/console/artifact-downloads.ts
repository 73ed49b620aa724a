import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { artifactOfKey } from '../../engine/artifacts/artifact-keys.ts';
import { messageOf } from '../../engine/errors.ts';
import { PROBLEMS } from '../../lambdas/shared/http/problem.ts';
import type { ArtifactStore } from '../../lambdas/shared/store/artifact-store.ts';
import type { AnswerPage } from '../lib/serve-api.ts';
import { sendJson } from './same-origin.ts';

const PREFIX = '/console/artifacts/';
const NOT_FOUND = PROBLEMS['not-found'].title;
/** A plot may style itself and do nothing else. */
const PLOT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
const TYPES: Readonly<Record<string, string>> = { '.svg': 'image/svg+xml', '.json': 'application/json' };

/**
 * The artifacts of runs as files, by their keys. They are streamed from the store with the rights of whoever started the
 * process: some are larger than any answer of a Lambda may be.
 */
export function artifactDownloads(store: ArtifactStore): AnswerPage {
  return ({ method }, outgoing, path) => {
    if (method !== 'GET' || !path.startsWith(PREFIX)) return false;
    const key = path.slice(PREFIX.length);
    if (artifactOfKey(key) === undefined) {
      sendJson(outgoing, 404, { title: NOT_FOUND, detail: 'That is no artifact of a run.' });
      return true;
    }
    send(store, key, outgoing).catch((error) => {
      if (outgoing.headersSent) outgoing.destroy();
      else sendJson(outgoing, 404, { title: NOT_FOUND, detail: messageOf(error) });
    });
    return true;
  };
}

async function send(store: ArtifactStore, key: string, outgoing: ServerResponse): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'alike-artifact-'));
  try {
    const file = join(folder, 'artifact');
    await store.download(key, file);
    const isPlot = extname(key) === '.svg';
    outgoing.writeHead(200, {
      'content-type': TYPES[extname(key)] ?? 'application/octet-stream',
      'content-length': (await stat(file)).size,
      // Artifacts are written once.
      'cache-control': 'private, max-age=31536000, immutable',
      'content-security-policy': PLOT_POLICY,
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      ...(!isPlot && { 'content-disposition': `attachment; filename="${basename(key)}"` }),
    });
    await pipeline(createReadStream(file), outgoing);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
