import { KIND_NUMBER } from '../../../engine/clicks/event-kinds.ts';
import { seededRandom } from '../../../engine/numeric/random.ts';
import { buildServingIndex, type ServingIndex } from '../../../engine/serving-index/serving-index.ts';
import { clustersOf, corpusOf, vectorsOf } from './example-index.ts';

const HOUR_MS = 3_600_000;

/**
 * Sessions walk up and down the products, popular ones more often, and buy three of ten; vectors stand on a circle.
 *
 * @param step how far one walks at most
 */
export function walkingIndex(productCount: number, step = 15, sessionCount = 2 * productCount): ServingIndex {
  const random = seededRandom(1);
  const all = Array.from({ length: productCount }, (_, product) => product);
  const sessions = Array.from({ length: sessionCount }, () => {
    let product = Math.floor(productCount * random() ** 2);
    return Array.from({ length: 2 + Math.floor(random() * 8) }, () => {
      product = (product + Math.floor(random() * (2 * step + 1)) - step + productCount) % productCount;
      return product;
    });
  });
  const counts = new Uint32Array(productCount);
  for (const product of sessions.flat()) counts[product]++;
  // Products are numbered by falling view count.
  const order = all.sort((a, b) => counts[b] - counts[a] || a - b);
  const numberOf = new Map(order.map((product, number) => [product, number]));
  const ids = order.map((product) => `product ${product}`);
  const numbered = sessions.map((session) => session.map((product) => numberOf.get(product)!));
  const rows = order.map((product) => [
    Math.cos(product / (productCount / 6.25)),
    Math.sin(product / (productCount / 6.25)),
  ]);
  const buys = seededRandom(2);
  return buildServingIndex(
    {
      ...corpusOf(
        ids,
        order.map((product) => counts[product]),
        numbered,
      ),
      kinds: Uint8Array.from(numbered.flat(), () => (buys() < 0.3 ? KIND_NUMBER.purchase : KIND_NUMBER.view)),
      startTimesMs: Float64Array.from(numbered, (_, session) => session * HOUR_MS),
    },
    vectorsOf(ids, rows),
    clustersOf(
      order.map((product) => Math.floor((4 * product) / productCount)),
      [0, 1, 2, 3].map((c) => [Math.cos((c + 0.5) * 1.56), Math.sin((c + 0.5) * 1.56)]),
    ),
    'blend',
  );
}
