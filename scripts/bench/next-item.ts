/**
 * The product from the outside: trains on the e-shop file's April to July with `npm run train`, serves it, and asks
 * `POST /v1/recommendations` for every next click of August. Prints hit rate and MRR of each strategy.
 *
 *     node scripts/bench/next-item.ts [--data FILE] [--preset tuned] [--strategies blend,markov]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { serveWorkspace } from '../lib/serve-workspace.ts';
import { ESHOP_FILE } from './sessions.ts';

const { values: options } = parseArgs({
  options: {
    data: { type: 'string', default: ESHOP_FILE },
    preset: { type: 'string', default: 'tuned' },
    strategies: { type: 'string', default: 'blend,session-knn,sequential-rules,markov,embedding,popularity' },
  },
});
const FIRST_TEST_MONTH = 8;
const [MONTH, SESSION, PRODUCT] = [1, 5, 7];

const bytes = readFileSync(options.data);
const text = (options.data.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
const [header, ...lines] = text.split('\r\n').filter((line) => line !== '');
const isTest = (line: string) => Number(line.split(';')[MONTH]) >= FIRST_TEST_MONTH;

const workspace = mkdtempSync(path.join(tmpdir(), 'alike-next-item-'));
const trainFile = path.join(workspace, 'train.csv');
writeFileSync(trainFile, `${[header, ...lines.filter((line) => !isTest(line))].join('\r\n')}\r\n`);
const trainScript = path.join(import.meta.dirname, '../train.ts');
const trainArguments = ['--data', trainFile, '--format', 'eshop', '--preset', options.preset, '--workspace', workspace];
execFileSync(process.execPath, [trainScript, ...trainArguments], { stdio: ['ignore', 'ignore', 'inherit'] });

/** The file lists each session's clicks in order. */
const sessions = new Map<string, string[]>();
for (const line of lines.filter(isTest)) {
  const cells = line.split(';');
  sessions.set(cells[SESSION], [...(sessions.get(cells[SESSION]) ?? []), cells[PRODUCT]]);
}

const { url, close } = await serveWorkspace(workspace, 0);
const { defaultStrategy } = (await (await fetch(`${url}/v1/model`)).json()) as { defaultStrategy: string };
for (const strategy of options.strategies.split(',')) {
  const figures = await ask(strategy);
  console.log(`${strategy.padEnd(18)} ${figures}${strategy === defaultStrategy ? '  (the default)' : ''}`);
}
await close();
rmSync(workspace, { recursive: true });

async function ask(strategy: string): Promise<string> {
  let positions = 0;
  let [hitsAt10, hitsAt20, reciprocalRanks] = [0, 0, 0];
  for (const clicks of sessions.values()) {
    for (let next = 1; next < clicks.length; next++) {
      const response = await fetch(`${url}/v1/recommendations`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ viewed: clicks.slice(0, next), count: 20, strategy, excludeViewed: false }),
      });
      const { items } = (await response.json()) as { items: { productId: string; rank: number }[] };
      const rank = items.find(({ productId }) => productId === clicks[next])?.rank ?? Number.POSITIVE_INFINITY;
      positions++;
      if (rank <= 10) hitsAt10++;
      if (rank <= 20) hitsAt20++;
      reciprocalRanks += 1 / rank;
    }
  }
  const mean = (sum: number) => (sum / positions).toFixed(4);
  return `HR@10 ${mean(hitsAt10)}  HR@20 ${mean(hitsAt20)}  MRR@20 ${mean(reciprocalRanks)}  (${positions} clicks)`;
}
