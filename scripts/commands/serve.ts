import { availableParallelism } from 'node:os';
import { InvalidArgumentError } from 'commander';
import { ConfigurationError } from '../../engine/errors.ts';
import { explainOrigin, isOrigin } from '../../infra/settings.ts';
import { newCommand, runCommand, wholeNumber } from '../lib/command.ts';
import { requireModel } from '../lib/local-model.ts';
import { repeatable } from '../lib/repeatable.ts';
import { serveWorkspace, untilStopped } from '../lib/serve-workspace.ts';
import { typedPath } from '../lib/typed-path.ts';
import { DEFAULT_WORKSPACE } from '../lib/workspace.ts';

/** Node's `reusePort`; macOS and Windows would send every connection to one thread, or refuse. */
const CAN_SHARE_PORT = process.platform === 'linux';

interface Options {
  workspace: string;
  port: number;
  workers: number;
  corsOrigin: string[];
}

const command = newCommand({
  script: 'serve',
  summary:
    'Serves the API and the console over a trained workspace on http://127.0.0.1. A run that is trained meanwhile goes live by itself.',
  examples: ['npm run serve', 'npm run serve -- --workspace shop --port 0'],
})
  .option('--workspace <folder>', 'where artifacts are', typedPath, DEFAULT_WORKSPACE)
  .option('--port <n>', '0 picks a free one', wholeNumber(0, 65_535), 3000)
  .option(
    '--workers <n>',
    'threads that answer; they share the memory of the model',
    wholeNumber(1, 256),
    CAN_SHARE_PORT ? availableParallelism() : 1,
  )
  .option(
    '--cors-origin <origin>',
    'pages of this origin may ask from a browser; may be given again',
    repeatable(collectOrigin),
    [],
  )
  .action(async ({ workspace, port, workers, corsOrigin }: Options) => {
    if (workers > 1 && !CAN_SHARE_PORT) {
      throw new ConfigurationError(
        `--workers ${workers} needs a system that lets threads share a port, such as Linux; this is ${process.platform}: leave --workers out.`,
      );
    }
    await requireModel(workspace);
    const server = await serveWorkspace(workspace, port, { workers, corsOrigins: corsOrigin });
    process.stdout.write(
      `Serving ${workspace} on ${server.url}${workers > 1 ? ` with ${workers} threads` : ''}\n  API      curl ${server.url}/v1/model\n  console  ${server.url}/\n`,
    );
    await untilStopped();
    await server.close();
  });

function collectOrigin(text: string, before: readonly string[]): string[] {
  if (!isOrigin(text)) throw new InvalidArgumentError(`Give ${explainOrigin(text)}.`);
  return [...before, text];
}

process.exitCode = await runCommand(command);
