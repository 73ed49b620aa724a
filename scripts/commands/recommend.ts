import { InvalidArgumentError, Option } from 'commander';
import { STRATEGIES } from '../../engine/serving-index/strategy.ts';
import { newCommand, runCommand, wholeNumber } from '../lib/command.ts';
import { requireDeployment } from '../lib/deployment.ts';
import { requireModel } from '../lib/local-model.ts';
import { serveWorkspace } from '../lib/serve-workspace.ts';
import { type StageOptions, withStageOptions } from '../lib/stage-option.ts';
import { typedPath } from '../lib/typed-path.ts';
import { UsageError } from '../lib/usage-error.ts';
import { DEFAULT_WORKSPACE } from '../lib/workspace.ts';
import { askForRecommendations, type Question, type Recommendations } from '../recommend/ask.ts';
import { tableOf } from '../recommend/table.ts';

const command = withStageOptions(
  newCommand({
    script: 'recommend',
    summary: 'Products similar to one product, from a trained workspace or a deployed API.',
    examples: [
      'npm run recommend -- A13',
      'npm run recommend -- A13 --count 10 --strategy embedding',
      'npm run recommend -- A13 --stage prod',
      'npm run recommend -- A13 --url https://shop.example/similar --token "$TOKEN"',
    ],
  }).option('--workspace <folder>', 'where artifacts are', typedPath, DEFAULT_WORKSPACE),
)
  .argument('<product>', "the product's id, as in the clickstream")
  .option('--count <n>', 'how many', wholeNumber(1, 100), 5)
  .addOption(new Option('--strategy <name>', "the model's own when left out").choices(STRATEGIES))
  .option('--seed <n>', 'makes cluster-sample repeatable', wholeNumber(0, 0xffff_ffff))
  .addOption(new Option('--url <url>', 'ask this API instead').argParser(httpUrl).conflicts(['workspace', 'stage']))
  .option('--token <token>', 'a bearer token, for an API with access jwt')
  .option('--json', "print the API's answer as one line of JSON")
  .action(async (productId: string, { workspace, stage, region, url, token, json, ...asked }: Options) => {
    const question = { productId, ...asked };
    const apiUrl = stage === undefined ? url : (await requireDeployment(stage, { region })).apiUrl;
    if (token !== undefined && apiUrl === undefined) {
      throw new UsageError('--token is for a deployed API: give --stage or --url as well.');
    }
    const answer =
      apiUrl === undefined
        ? await askWorkspace(workspace, question)
        : await askForRecommendations(apiUrl, question, token);
    // The API names a product that it does not know as the address has it.
    process.stdout.write(json ? `${JSON.stringify(answer)}\n` : tableOf({ ...answer, productId }));
  });

interface Options extends Omit<Question, 'productId'>, StageOptions {
  workspace: string;
  token?: string;
  url?: string;
  json?: boolean;
}

async function askWorkspace(workspace: string, question: Question): Promise<Recommendations> {
  await requireModel(workspace);
  const server = await serveWorkspace(workspace, 0);
  try {
    return await askForRecommendations(server.url, question);
  } finally {
    await server.close();
  }
}

function httpUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new InvalidArgumentError('Give an address that starts with https:// or http://.');
  }
  return text;
}

process.exitCode = await runCommand(command);
