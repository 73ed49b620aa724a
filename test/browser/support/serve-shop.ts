import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveScript } from '../../support/serve-script.ts';

/** Serves a copy of a shop's workspace: what one test file promotes or writes is not there for another. */
export async function serveShop(workspace: string): Promise<{ url: string; stop(): Promise<void> }> {
  const copy = await mkdtemp(join(tmpdir(), 'alike-browser-copy-'));
  await cp(workspace, copy, { recursive: true });
  const { url, stop } = await serveScript(copy);
  return {
    url,
    stop: async () => {
      await stop();
      await rm(copy, { recursive: true });
    },
  };
}
