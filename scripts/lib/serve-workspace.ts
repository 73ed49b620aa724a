import { messageOf } from '../../engine/errors.ts';
import { type HttpBridge, startHttpBridge } from './http-bridge.ts';
import { useWorkspace } from './workspace.ts';

/** Serves the API over a local folder of artifacts with the deployed `recommend` handler. */
export async function serveWorkspace(workspace: string, port: number): Promise<HttpBridge> {
  useWorkspace(workspace);
  const { handler } = await import('../../lambdas/recommend/handler.ts');
  return startHttpBridge({
    handler,
    port,
    onError: (error) => process.stderr.write(`error: a request failed: ${messageOf(error)}\n`),
  });
}

/** Resolves when a person or a supervisor asks the process to stop. */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}
