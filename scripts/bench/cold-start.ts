/**
 * How long until a fresh `recommend` Lambda has answered: the bundle that is deployed, imported by a fresh Node process
 * (import), which loads the live index (load) and answers one request for similar products (answer).
 *
 *     node scripts/bench/cold-start.ts [--sizes 217x165000,20000x1500000,200000x6000000] [--rounds 7] [--s3 http://127.0.0.1:4566]
 *
 * A size is products x views of a generated shop. The index lies in a folder, and with `--s3` in a bucket at that endpoint
 * as well, such as MiniStack's. Times are medians of fresh processes; the file's pages are in the operating system's cache.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { newS3Client } from '../../lambdas/shared/store/s3-client.ts';
import { alignColumns } from '../lib/align-columns.ts';
import { workspaceUri } from '../lib/workspace.ts';
import { bundleLambda } from './lambda-bundle.ts';
import { temporaryFolder } from './measured-process.ts';
import { median } from './neighbours.ts';
import { atMost, reportResult } from './result.ts';

const { values: options } = parseArgs({
  options: {
    sizes: { type: 'string', default: '217x165000,20000x1500000,200000x6000000' },
    rounds: { type: 'string', default: '7' },
    s3: { type: 'string' },
  },
});
/** Import, load and first answer together, and bytes on disk. */
const TARGETS: Readonly<Record<number, { ms: number; megabytes: number }>> = {
  217: { ms: 150, megabytes: 2 },
  20000: { ms: 250, megabytes: 39.5 },
  200000: { ms: 500, megabytes: 139 },
};
const BUCKET = 'alike-cold-start';

const folder = temporaryFolder();
const bundle = path.join(folder, 'index.mjs');
await bundleLambda('recommend', bundle);
console.log(`Bundle: ${(statSync(bundle).size / 1e6).toFixed(2)} MB`);
if (options.s3 !== undefined) await makeBucket(options.s3);

const empty = path.join(folder, 'empty');
mkdirSync(empty);
const rows = [['products', 'views', 'MB', 'store', 'import', 'load', 'answer', 'all ms']];
for (const size of options.sizes.split(',')) {
  const [products, views] = size.split('x').map(Number);
  const uris = [workspaceUri(path.join(folder, size)), ...(options.s3 === undefined ? [] : [`s3://${BUCKET}/${size}`])];
  const { bytes, productId } = publish(size, uris);
  for (const uri of uris) {
    const isLocal = uri === uris[0];
    const figures = medians(uri, productId);
    const megabytes = bytes / 1e6;
    rows.push([
      ...[products, views].map(String),
      megabytes.toFixed(1),
      isLocal ? 'file' : 's3',
      ...[figures.importMs, figures.loadMs, figures.answerMs, figures.allMs].map((ms) => ms.toFixed(0)),
    ]);
    if (!isLocal) continue;
    const target = TARGETS[products];
    reportResult({
      comparison: `${products} products: import, load and first answer`,
      ours: `${figures.allMs.toFixed(0)} ms`,
      ...(target && { target: atMost(figures.allMs, target.ms, ' ms') }),
    });
    reportResult({
      comparison: `${products} products: index`,
      ours: `${megabytes.toFixed(1)} MB`,
      ...(target && { target: atMost(megabytes, target.megabytes, ' MB') }),
    });
  }
}
for (const line of alignColumns(rows, [0, 1, 2, 4, 5, 6, 7])) console.log(line);

/** In a process of its own: what a large one leaves to the system to clean up slows the starts that are measured after it. */
function publish(size: string, uris: readonly string[]) {
  const script = path.join(import.meta.dirname, 'cold-start-publish.ts');
  const output = execFileSync(process.execPath, [script, size, ...uris], { encoding: 'utf8', env: childEnvironment() });
  execFileSync('sync');
  return JSON.parse(output) as { bytes: number; productId: string };
}

/** What an import takes alone is measured on an empty store; what it takes longer with a model is the load. */
function medians(uri: string, productId: string) {
  const alone = Array.from({ length: Number(options.rounds) }, () => coldStart(workspaceUri(empty), productId, 503));
  const loaded = Array.from({ length: Number(options.rounds) }, () => coldStart(uri, productId, 200));
  const importMs = median(alone.map((figures) => figures.importMs));
  return {
    importMs,
    loadMs: Math.max(0, median(loaded.map((figures) => figures.importMs)) - importMs),
    answerMs: median(loaded.map((figures) => figures.answerMs)),
    allMs: median(loaded.map((figures) => figures.importMs + figures.answerMs)),
  };
}

function coldStart(uri: string, productId: string, expectedStatus: number) {
  const rawPath = `/v1/products/${productId}/recommendations`;
  const event = {
    rawPath,
    rawQueryString: 'count=20',
    headers: {},
    requestContext: { requestId: 'r', domainName: 'localhost', http: { method: 'GET', path: rawPath } },
  };
  const script = path.join(import.meta.dirname, 'cold-start-process.ts');
  const output = execFileSync(process.execPath, [script, bundle, JSON.stringify(event)], {
    encoding: 'utf8',
    env: {
      ...childEnvironment(),
      ALIKE_STORE_URI: uri,
      POWERTOOLS_LOG_LEVEL: 'SILENT',
      POWERTOOLS_METRICS_DISABLED: 'true',
    },
  });
  const { status, ...figures } = JSON.parse(output.trim().split('\n').at(-1)!);
  if (status !== expectedStatus) throw new Error(`${uri} was answered with ${status}\n${output}`);
  return figures as { importMs: number; answerMs: number };
}

function childEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, ...(options.s3 !== undefined && s3Environment(options.s3)) };
}

function s3Environment(endpoint: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
}

async function makeBucket(endpoint: string): Promise<void> {
  Object.assign(process.env, s3Environment(endpoint));
  await newS3Client().send(new CreateBucketCommand({ Bucket: BUCKET }));
}
