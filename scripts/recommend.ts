import { InvalidArgumentError, Option } from 'commander';
import { NoModelError } from '../engine/errors.ts';
import { STRATEGIES } from '../engine/serving-index/strategy.ts';
import { newCommand, runCommand, wholeNumber } from './lib/command.ts';
import { serveWorkspace } from './lib/serve-workspace.ts';
import { hasModel } from './lib/train-locally.ts';
import { DEFAULT_WORKSPACE } from './lib/workspace.ts';
import { askForRecommendations, type Question, type Recommendations } from './recommend/ask.ts';
import { tableOf } from './recommend/table.ts';

const command = newCommand({
  script: 'recommend',
  summary: 'Products similar to one product, from a trained workspace or a deployed API.',
  examples: [
    'npm run recommend -- A13',
    'npm run recommend -- A13 --count 10 --strategy embedding',
    'npm run recommend -- A13 --url https://abc123.execute-api.eu-central-1.amazonaws.com',
  ],
})
  .argument('<product>', "the product's id, as in the clickstream")
  .option('--count <n>', 'how many', wholeNumber(1, 100), 5)
  .addOption(new Option('--strategy <name>', "the model's own when left out").choices(STRATEGIES))
  .option('--seed <n>', 'makes cluster-sample repeatable', wholeNumber(0, 0xffff_ffff))
  .option('--workspace <folder>', 'where artifacts are', DEFAULT_WORKSPACE)
  .addOption(new Option('--url <url>', 'ask this API instead').argParser(httpUrl).conflicts('workspace'))
  .option('--json', "print the API's answer as one line of JSON")
  .action(async (productId: string, { workspace, url, json, ...asked }: Options) => {
    const question = { productId, ...asked };
    const answer =
      url === undefined ? await askWorkspace(workspace, question) : await askForRecommendations(url, question);
    process.stdout.write(json ? `${JSON.stringify(answer)}\n` : tableOf(answer));
  });

interface Options extends Omit<Question, 'productId'> {
  workspace: string;
  url?: string;
  json?: boolean;
}

async function askWorkspace(workspace: string, question: Question): Promise<Recommendations> {
  if (!(await hasModel(workspace))) {
    throw new NoModelError(
      `Nothing is trained in ${workspace}. Train first: npm run train -- --data FILE --workspace ${workspace} … (npm start does it on a sample).`,
    );
  }
  const bridge = await serveWorkspace(workspace, 0);
  try {
    return await askForRecommendations(bridge.url, question);
  } finally {
    await bridge.close();
  }
}

function httpUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new InvalidArgumentError('Give an address that starts with https:// or http://.');
  }
  return text;
}

process.exitCode = await runCommand(command);
