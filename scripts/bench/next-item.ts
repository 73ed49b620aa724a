/**
 * The product from the outside: trains on the e-shop file's April to July with `npm run train`, serves it, and asks
 * `POST /v1/recommendations` for every next click of August. Prints hit rate and MRR of each strategy, as served (viewed
 * products left out, clicks on products not yet viewed) and with viewed products allowed (every click).
 *
 *     node scripts/bench/next-item.ts [--data FILE] [--preset tuned] [--strategies blend,markov]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { findEshopFile } from '../data/eshop-file.ts';
import { serveWorkspace } from '../lib/serve-workspace.ts';
import { ESHOP_TARGETS } from './eshop-targets.ts';
import { atLeast, reportResult } from './result.ts';

const { values: options } = parseArgs({
  options: {
    data: { type: 'string', default: findEshopFile() ?? '' },
    preset: { type: 'string', default: 'tuned' },
    strategies: { type: 'string', default: 'blend,session-knn,sequential-rules,markov,embedding,popularity' },
  },
});
type Figure = keyof typeof ESHOP_TARGETS.asServed;
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
  const isDefault = strategy === defaultStrategy;
  for (const [mode, title] of [
    ['asServed', 'as served'],
    ['viewedAllowed', 'viewed allowed'],
  ] as const) {
    const { positions, figures } = await ask(strategy, mode === 'asServed');
    const texts = Object.entries(figures).map(([name, value]) => `${name} ${value.toFixed(4)}`);
    console.log(
      `${strategy.padEnd(18)} ${title.padEnd(14)} ${texts.join('  ')}  (${positions} clicks)${isDefault ? '  (the default)' : ''}`,
    );
    for (const [name, least] of isDefault ? Object.entries(ESHOP_TARGETS[mode]) : []) {
      const value = figures[name as Figure];
      reportResult({
        comparison: `e-shop file, next click of August over HTTP, ${title}, ${strategy}'s ${name}`,
        ours: value.toFixed(4),
        target: atLeast(value, least, ''),
      });
    }
  }
}
await close();
rmSync(workspace, { recursive: true });

async function ask(
  strategy: string,
  excludeViewed: boolean,
): Promise<{ positions: number; figures: Record<Figure, number> }> {
  let positions = 0;
  let [hitsAt10, hitsAt20, reciprocalRanks] = [0, 0, 0];
  for (const clicks of sessions.values()) {
    for (let next = 1; next < clicks.length; next++) {
      if (excludeViewed && clicks.slice(0, next).includes(clicks[next])) continue;
      const response = await fetch(`${url}/v1/recommendations`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ viewed: clicks.slice(0, next), count: 20, strategy, excludeViewed }),
      });
      const { items } = (await response.json()) as { items: { productId: string; rank: number }[] };
      const rank = items.find(({ productId }) => productId === clicks[next])?.rank ?? Number.POSITIVE_INFINITY;
      positions++;
      if (rank <= 10) hitsAt10++;
      if (rank <= 20) hitsAt20++;
      reciprocalRanks += 1 / rank;
    }
  }
  return {
    positions,
    figures: {
      'HR@10': hitsAt10 / positions,
      'HR@20': hitsAt20 / positions,
      'MRR@20': reciprocalRanks / positions,
    },
  };
}
