/**
 * What the rounding of an index's file costs: of the 20 products that the unrounded index recommends, the share that the
 * rounded one recommends, too (recall@20), for each strategy.
 *
 *     node scripts/bench/compact-index.ts [--sizes 217x165000,17000x500000,200000x4000000] [--queries 2000]
 *
 * Beside the 16 bits a number that vectors have in the file, it tries 8.
 */
import { parseArgs } from 'node:util';
import { positionsOf } from '../../engine/evaluation/positions.ts';
import { seededRandom } from '../../engine/numeric/random.ts';
import { rank } from '../../engine/ranking/rank.ts';
import { roundedIndex, type ServingIndex } from '../../engine/serving-index/serving-index.ts';
import { STRATEGIES, type Strategy } from '../../engine/serving-index/strategy.ts';
import { generateShop } from './generated-index.ts';
import { atLeast, reportResult } from './result.ts';

const { values: options } = parseArgs({
  options: {
    sizes: { type: 'string', default: '217x165000,17000x500000,200000x4000000' },
    queries: { type: 'string', default: '2000' },
  },
});
const COUNT = 20;
const LEAST_RECALL = 0.999;

for (const size of options.sizes.split(',')) {
  const [products, views] = size.split('x').map(Number);
  const { unrounded: index, later } = await generateShop(products, views);
  const rounded = roundedIndex(index);
  const inBytes = { ...rounded, ...roundedToBytes(index) };
  console.log(
    `\n${products} products, ${views} views: recall@${COUNT}\n\n| strategy | as stored | vectors in 8 bits |`,
  );
  console.log('|---|---|---|');
  const asked = [...positionsOf(later, Number(options.queries))];
  for (const strategy of STRATEGIES) {
    const recall = (other: ServingIndex) =>
      asked.reduce((sum, { viewed }) => sum + shareKept(index, other, strategy, viewed), 0) / asked.length;
    const stored = recall(rounded);
    console.log(`| ${strategy} | ${stored.toFixed(5)} | ${recall(inBytes).toFixed(5)} |`);
    reportResult({
      comparison: `${products} products, ${strategy}: recall@${COUNT} of the rounded index`,
      ours: stored.toFixed(5),
      target: atLeast(stored, LEAST_RECALL, ''),
    });
  }
}

function shareKept(index: ServingIndex, other: ServingIndex, strategy: Strategy, viewed: readonly number[]): number {
  const ask = (of: ServingIndex) =>
    rank(of, { viewed, count: COUNT, strategy, excluded: new Set(), excludeViewed: false, random: seededRandom(1) });
  const expected = new Set(ask(index).map(({ product }) => product));
  return ask(other).filter(({ product }) => expected.has(product)).length / expected.size;
}

/** Each value to a 127th of its row's largest. */
function roundedToBytes({ vectors, contextVectors, dimensions }: ServingIndex) {
  const round = (rows: Float32Array) =>
    rows.map((value, i) => {
      const start = i - (i % dimensions);
      const largest = rows.subarray(start, start + dimensions).reduce((most, v) => Math.max(most, Math.abs(v)), 0);
      return largest === 0 ? 0 : (Math.round((127 * value) / largest) * largest) / 127;
    });
  return { vectors: round(vectors), contextVectors: round(contextVectors) };
}
