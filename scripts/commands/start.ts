import { openArtifactStore } from '../../lambdas/shared/store/open-artifact-store.ts';
import { loadLocally } from '../catalogue/load-locally.ts';
import { newCommand, runCommand, wholeNumber } from '../lib/command.ts';
import { hasModel, requireModel } from '../lib/local-model.ts';
import { requireFreePort } from '../lib/serve-api.ts';
import { serveWorkspace, untilStopped } from '../lib/serve-workspace.ts';
import { trainLocally } from '../lib/train-locally.ts';
import { trainingRequestOf } from '../lib/training-options.ts';
import { typedPath } from '../lib/typed-path.ts';
import { DEFAULT_WORKSPACE, prepareWorkspace, workspaceUri } from '../lib/workspace.ts';
import { SAMPLE } from '../sample/clickstream.ts';
import { isOwnCatalogueLive, madeUpFiles } from '../sample/made-up-shop.ts';
import { writeClickstream, writeFeed } from '../sample/write-clickstream.ts';

const command = newCommand({
  script: 'start',
  summary:
    'Trains on a made-up clickstream unless something is trained already, and serves recommendations and the console.',
  examples: ['npm start', 'npm start -- --port 0'],
})
  .option('--workspace <folder>', 'where artifacts go', typedPath, DEFAULT_WORKSPACE)
  .option('--port <n>', '0 picks a free one', wholeNumber(0, 65_535), 3000)
  .action(async ({ workspace, port }: { workspace: string; port: number }) => {
    if (!(await hasModel(workspace))) {
      await requireFreePort(port);
      await prepareWorkspace(workspace);
      await trainOnSample(workspace);
    }
    await requireModel(workspace);
    const server = await serveWorkspace(workspace, port);
    await server.consoleReady();
    process.stdout.write(`Serving ${workspace} on ${server.url}\n\n`);
    await showFirstRecommendation(server.url);
    await untilStopped();
    await server.close();
  });

async function trainOnSample(workspace: string): Promise<void> {
  const { clicks, feed } = madeUpFiles(workspace);
  process.stdout.write(
    `Nothing is trained in ${workspace} yet: making a sample clickstream and training on it, which takes up to a minute.\n`,
  );
  await writeClickstream(clicks, SAMPLE);
  await writeFeed(feed, SAMPLE);
  if (await isOwnCatalogueLive(await openArtifactStore(workspaceUri(workspace)), workspace)) {
    process.stdout.write(`The catalogue of ${workspace} is your own and stays; the sample's products are not in it.\n`);
  } else {
    const { facts } = await loadLocally(feed, workspace, { kind: 'full' });
    process.stdout.write(
      `Loaded a made-up catalogue: ${facts!.products} products, ${facts!.withAvailability - facts!.available} of them sold out.\n`,
    );
  }
  await trainLocally(
    trainingRequestOf({ data: clicks, format: 'eshop', preset: 'tuned', set: { max_trials: 1 } }),
    workspace,
    process.stdout,
  );
}

/** Asks the API for the most viewed product, as a shop's page would, and prints how to ask again. */
async function showFirstRecommendation(url: string): Promise<void> {
  const [mostViewed] = (await getJson(`${url}/v1/products?limit=1`)).items;
  const path = `/v1/products/${encodeURIComponent(mostViewed.productId)}/recommendations?count=5`;
  const { items, modelVersion } = await getJson(`${url}${path}`);
  process.stdout.write(`Shoppers who look at ${mostViewed.productId} may like (model ${modelVersion}):\n`);
  for (const { rank, productId, score } of items) {
    process.stdout.write(`  ${rank}. ${productId.padEnd(8)} ${score.toFixed(3)}\n`);
  }
  process.stdout.write(
    `\nAsk yourself:\n  curl "${url}${path}"\n\nLook around:\n  ${url}/shop  a demo shop, whose shelves react to your clicks\n  ${url}/      the console: how good the model is, and why\n\nCtrl-C stops.\n`,
  );
}

interface Answer {
  modelVersion: string;
  items: { productId: string; rank: number; score: number }[];
}

async function getJson(url: string): Promise<Answer> {
  const response = await fetch(url);
  return (await response.json()) as Answer;
}

process.exitCode = await runCommand(command);
