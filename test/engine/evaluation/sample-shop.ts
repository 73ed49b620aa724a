import type { TrainModel } from '../../../engine/evaluation/train-model.ts';
import { randomInteger, seededRandom } from '../../../engine/numeric/random.ts';
import { clustersOf, corpusOf } from '../ranking/example-index.ts';

export const PRODUCTS = 60;

/** Shoppers walk a ring of products: one step ahead, mostly. */
export function ringShop(sessionCount: number) {
  const random = seededRandom(5);
  const sessions = Array.from({ length: sessionCount }, () => {
    const session = [randomInteger(random, PRODUCTS)];
    while (session.length < 5) {
      const jump = random() < 0.8 ? 1 : randomInteger(random, PRODUCTS);
      session.push((session[session.length - 1] + jump) % PRODUCTS);
    }
    return session;
  });
  const ids = Array.from({ length: PRODUCTS }, (_, product) => `p${product}`);
  return corpusOf(
    ids,
    ids.map(() => 1),
    sessions,
  );
}

/** Random vectors in two clusters: no better than chance, and fast. */
export const trainRandomly: TrainModel = async (corpus) => {
  const random = seededRandom(9);
  const dimensions = 4;
  const vectors = Float32Array.from({ length: corpus.productIds.length * dimensions }, () => random() - 0.5);
  return {
    vectors: { productIds: corpus.productIds, dimensions, vectors, contextVectors: vectors },
    clusters: clustersOf(
      corpus.productIds.map((_, product) => (vectors[product * dimensions] > 0 ? 0 : 1)),
      [
        [0.2, 0, 0, 0],
        [-0.2, 0, 0, 0],
      ],
    ),
  };
};
