/**
 * What one request costs the `recommend` Lambda: an event of API Gateway in, the response out, all middleware included, on
 * one thread, for later sessions of a generated shop.
 *
 *     node scripts/bench/request.ts [--sizes 17000x500000,200000x4000000] [--queries 3000]
 *
 * POST has the whole session so far, GET its newest product. Times are of the bundle that is deployed, the best of five
 * runs of each request, so that requests are compared and not the moments when another process had the CPU. CPU is that of the
 * whole process, collecting garbage and writing metrics included.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { positionsOf } from '../../engine/evaluation/positions.ts';
import { alignColumns } from '../lib/align-columns.ts';
import { lambdaContext } from '../lib/lambda-context.ts';
import { workspaceUri } from '../lib/workspace.ts';
import { generateShop } from './generated-index.ts';
import { bundleLambda } from './lambda-bundle.ts';
import { temporaryFolder } from './measured-process.ts';
import { publishShop } from './published-shop.ts';
import { atMost, reportResult } from './result.ts';

const { values: options } = parseArgs({
  options: {
    sizes: { type: 'string', default: '17000x500000,200000x4000000' },
    queries: { type: 'string', default: '3000' },
  },
});
const RUNS = 5;
const COUNT = 20;
const STRATEGIES = ['blend', 'session-knn', 'sequential-rules', 'embedding'] as const;
/** Microseconds at 17,000 products; twice as many are allowed at 200,000. */
const TARGETS: Readonly<Record<string, { p50?: number; p99?: number }>> = {
  blend: { p50: 250, p99: 500 },
  'session-knn': { p50: 120 },
};
/** A vCPU of Lambda is 1,769 MB: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const GB_A_VCPU = 1.769;

type Handler = (event: unknown, context: unknown) => Promise<{ statusCode: number; body: string }>;

process.env['POWERTOOLS_LOG_LEVEL'] = 'SILENT';
const folder = temporaryFolder();
const rows = [['products', 'strategy', 'request', 'p50 µs', 'p99 µs', 'CPU µs', 'GB-s a million']];
const { write } = process.stdout;
for (const size of options.sizes.split(',')) {
  const [products, views] = size.split('x').map(Number);
  const { index, later } = await generateShop(products, views);
  const uri = workspaceUri(path.join(folder, size));
  await publishShop(uri, index);
  process.env['ALIKE_STORE_URI'] = uri;
  const bundle = path.join(folder, `${size}.mjs`);
  await bundleLambda('recommend', bundle);
  const { handler } = (await import(bundle)) as { handler: Handler };
  const sessions = [...positionsOf(later, Number(options.queries))].map(({ viewed }) =>
    viewed.map((product) => index.productIds[product]),
  );
  for (const strategy of STRATEGIES) {
    for (const method of ['POST', 'GET'] as const) {
      const events = sessions.map((viewed) => eventOf(method, viewed, strategy));
      const { micros, cpuMicros } = await measure(handler, events);
      const [p50, p99] = [0.5, 0.99].map((share) => micros[Math.floor(share * (micros.length - 1))]);
      const gbSeconds = cpuMicros * GB_A_VCPU;
      rows.push([String(products), strategy, method, ...[p50, p99, cpuMicros, gbSeconds].map((n) => n.toFixed(0))]);
      if (method === 'POST') report(products, strategy, p50, p99);
    }
  }
}
for (const line of alignColumns(rows, [0, 3, 4, 5, 6])) console.log(line);

function report(products: number, strategy: string, p50: number, p99: number): void {
  const factor = products > 50_000 ? 2 : 1;
  const target = TARGETS[strategy];
  for (const [name, found] of Object.entries({ p50, p99 }) as ['p50' | 'p99', number][]) {
    const most = target?.[name];
    reportResult({
      comparison: `${strategy}, ${products} products, whole request, ${name}`,
      ours: `${found.toFixed(0)} µs`,
      ...(most !== undefined && { target: atMost(found, most * factor, ' µs') }),
    });
  }
}

/** @returns times in ascending order. */
async function measure(handler: Handler, events: readonly unknown[]): Promise<{ micros: number[]; cpuMicros: number }> {
  const context = lambdaContext('recommend', 3_600);
  // Powertools writes its metrics to the console.
  process.stdout.write = () => true;
  try {
    for (const event of events.slice(0, 1_000)) await handler(event, context);
    const micros = new Array<number>(events.length).fill(Number.POSITIVE_INFINITY);
    const cpuStarted = process.cpuUsage();
    for (let run = 0; run < RUNS; run++) {
      for (let i = 0; i < events.length; i++) {
        const from = performance.now();
        const { statusCode } = await handler(events[i], context);
        micros[i] = Math.min(micros[i], (performance.now() - from) * 1000);
        if (statusCode !== 200) throw new Error(`answered with ${statusCode}`);
      }
    }
    const { user, system } = process.cpuUsage(cpuStarted);
    return { micros: micros.sort((a, b) => a - b), cpuMicros: (user + system) / (RUNS * events.length) };
  } finally {
    process.stdout.write = write;
  }
}

function eventOf(method: 'GET' | 'POST', viewed: readonly string[], strategy: string) {
  const isPost = method === 'POST';
  const rawPath = isPost ? '/v1/recommendations' : `/v1/products/${viewed.at(-1)}/recommendations`;
  return {
    rawPath,
    rawQueryString: isPost ? '' : `count=${COUNT}&strategy=${strategy}`,
    headers: isPost ? { 'content-type': 'application/json' } : {},
    requestContext: { requestId: 'r', domainName: 'localhost', http: { method, path: rawPath } },
    ...(isPost && { body: JSON.stringify({ viewed, count: COUNT, strategy, excludeViewed: false }) }),
    isBase64Encoded: false,
  };
}
