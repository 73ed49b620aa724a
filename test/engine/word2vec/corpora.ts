import { type Random, randomInteger, seededRandom } from '../../../engine/numeric/random.ts';
import type { Word2VecCorpus, Word2VecSettings } from '../../../engine/word2vec/settings.ts';

export const SETTINGS: Word2VecSettings = {
  sg: 1,
  vector_size: 8,
  window: 3,
  shrink_windows: true,
  direction: 'both',
  negative: 5,
  ns_exponent: 0.75,
  sample: 0,
  epochs: 5,
  alpha: 0.05,
  min_alpha: 0.0001,
  min_count: 1,
  cbow_mean: 1,
  workers: 1,
  seed: 1,
};

/** Products numbered by falling views, equal views by first sight. */
export function corpusOf(sessions: readonly (readonly string[])[]): Word2VecCorpus {
  const counts = new Map<string, number>();
  for (const id of sessions.flat()) counts.set(id, (counts.get(id) ?? 0) + 1);
  const productIds = [...counts.keys()].sort((a, b) => counts.get(b)! - counts.get(a)!);
  const numbers = new Map(productIds.map((id, number) => [id, number]));
  const offsets = new Uint32Array(sessions.length + 1);
  sessions.forEach((session, s) => {
    offsets[s + 1] = offsets[s] + session.length;
  });
  return {
    sessions: { offsets, views: Uint32Array.from(sessions.flat(), (id) => numbers.get(id)!) },
    productIds,
    viewCounts: Uint32Array.from(productIds, (id) => counts.get(id)!),
  };
}

/** Products of four kinds, as many of each; a session stays within one kind. Rare kinds are seen first, so that first sight is not frequency. */
export function kindSessions(sessionCount: number, random: Random = seededRandom(7), productsPerKind = 6): string[][] {
  const kinds = ['hat', 'shoe', 'coat', 'ring'];
  return Array.from({ length: sessionCount }, (_, s) => {
    const kind = s < 40 ? Math.floor(s / 10) : Math.min(3, randomInteger(random, 7));
    const session: string[] = [];
    while (session.length < 6) {
      const id = `${kinds[kind]}-${randomInteger(random, productsPerKind)}`;
      if (id !== session.at(-1)) session.push(id);
    }
    return session;
  });
}

export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let product = 0;
  let aa = 0;
  let bb = 0;
  for (let d = 0; d < a.length; d++) {
    product += a[d] * b[d];
    aa += a[d] ** 2;
    bb += b[d] ** 2;
  }
  return product / Math.sqrt(aa * bb);
}
