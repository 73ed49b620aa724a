import { serveStage } from '../console/serve-stage.ts';
import { newCommand, runCommand, wholeNumber } from '../lib/command.ts';
import { requireDeployment } from '../lib/deployment.ts';
import { untilStopped } from '../lib/serve-workspace.ts';
import { type StageOptions, withStageOptions } from '../lib/stage-option.ts';

const command = withStageOptions(
  newCommand({
    script: 'console',
    summary:
      'Opens the console over a deployment: serves it on http://127.0.0.1 and signs its calls with your AWS credentials. Nothing is hosted. For a workspace on this machine, npm run serve has it.',
    examples: ['npm run console -- --stage prod', 'npm run console -- --stage prod --port 0'],
  }).option('--port <n>', '0 picks a free one', wholeNumber(0, 65_535), 3001),
  'dev',
).action(async (options: StageOptions & { port: number }) => {
  const deployment = await requireDeployment(options.stage!, options);
  const server = await serveStage(options.stage!, deployment, options.port);
  process.stdout.write(`The console of stage ${options.stage}: ${server.url}/\nCtrl-C stops.\n`);
  await untilStopped();
  await server.close();
});

process.exitCode = await runCommand(command);
