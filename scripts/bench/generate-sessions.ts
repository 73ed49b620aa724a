import { type Random, randomInteger, seededRandom } from '../../engine/numeric/random.ts';
import type { Word2VecCorpus } from '../../engine/word2vec/settings.ts';
import { byFallingViews } from './sessions.ts';

export interface GeneratedCorpus extends Word2VecCorpus {
  /** (productCount) the category of each product. */
  categoryOf: Uint32Array;
}

/**
 * Sessions of a shop with categories: products of Zipf popularity (exponent 1), dealt to the categories at random. A
 * session has a taste for one category; each view is of it with chance 1 − `noise`, else of any product.
 */
export function generateCorpus(shape: {
  views: number;
  products: number;
  categories: number;
  /** 0…1 */
  noise: number;
  seed: number;
}): GeneratedCorpus {
  const random = seededRandom(shape.seed);
  const categories = Array.from({ length: shape.products }, () => randomInteger(random, shape.categories));
  const ofShop = zipfDraw(Array.from({ length: shape.products }, (_, product) => product));
  const ofCategory = Array.from({ length: shape.categories }, (_, category) =>
    zipfDraw(categories.flatMap((own, product) => (own === category ? [product] : []))),
  );

  const views: number[] = [];
  const offsets = [0];
  while (views.length < shape.views) {
    const taste = categories[ofShop(random)];
    const end = views.length + 2 + Math.floor(-6 * Math.log(1 - random()));
    for (let last = -1; views.length < end; ) {
      const product = random() < shape.noise ? ofShop(random) : ofCategory[taste](random);
      if (product === last) continue;
      views.push(product);
      last = product;
    }
    offsets.push(views.length);
  }
  const sessions = { offsets: Uint32Array.from(offsets), views: Uint32Array.from(views) };
  const { productIds: products, ...corpus } = byFallingViews([...categories.keys()], sessions);
  return {
    ...corpus,
    productIds: products.map((product) => `P${product}`),
    categoryOf: Uint32Array.from(products, (product) => categories[product]),
  };
}

/** Draws one of the products, the more popular the lower its number. */
function zipfDraw(products: readonly number[]): (random: Random) => number {
  const cumulative = new Float64Array(products.length);
  let total = 0;
  products.forEach((product, i) => {
    total += 1 / (product + 10);
    cumulative[i] = total;
  });
  return (random) => {
    const target = random() * total;
    let low = 0;
    let high = products.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulative[middle] < target) low = middle + 1;
      else high = middle;
    }
    return products[low];
  };
}
