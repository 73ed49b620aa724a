import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = join(import.meta.dirname, '../..');

/** Serves a workspace as a person does, as a process of its own on a free port. @param nodeArguments before the script. */
export async function serveScript(
  workspace: string,
  nodeArguments: readonly string[] = [],
): Promise<{ url: string; stop(): Promise<void> }> {
  const server = spawn(
    process.execPath,
    [...nodeArguments, join(ROOT, 'scripts/serve.ts'), '--workspace', workspace, '--port', '0'],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const stop = async () => {
    if (server.exitCode !== null) return;
    server.kill();
    await once(server, 'exit');
  };
  for await (const line of createInterface({ input: server.stdout })) {
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
    if (url !== undefined) return { url, stop };
  }
  throw new Error(`scripts/serve.ts ended with ${server.exitCode} before it served ${workspace}.`);
}
