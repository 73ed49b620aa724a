import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { collapseRepeats, type Sessions } from '../../engine/clicks/corpus.ts';
import { offsetsOf } from '../../engine/numeric/grouping.ts';
import type { Word2VecCorpus } from '../../engine/word2vec/settings.ts';

/** A session of the benchmarks: product ids, oldest first. */
export interface Session {
  productIds: string[];
  /** Calendar month, 1–12; only the e-shop file has one. */
  month?: number;
}

/**
 * Reads the e-shop file apart from the product's own stages, so that a fault there cannot hide in a benchmark.
 * Sessions of one view are dropped, as the `sequence` stage does.
 */
export function readEshop(path: string): Session[] {
  const [header, ...rows] = readEshopText(path)
    .split(/\r?\n/)
    .filter((line) => line !== '');
  const names = header.split(';');
  const column = (name: string) => names.indexOf(name);
  const [month, order, session, product] = ['month', 'order', 'session ID', 'page 2 (clothing model)'].map(column);

  const bySession = new Map<string, { month: number; views: { order: number; productId: string }[] }>();
  for (const row of rows) {
    const cells = row.split(';');
    const found = bySession.get(cells[session]) ?? { month: Number(cells[month]), views: [] };
    found.views.push({ order: Number(cells[order]), productId: cells[product] });
    bySession.set(cells[session], found);
  }
  return [...bySession.values()]
    .filter(({ views }) => views.length > 1)
    .map(({ month, views }) => ({
      month,
      productIds: views.sort((a, b) => a.order - b.order).map(({ productId }) => productId),
    }));
}

/** Sessions as integers, repeats kept: the products are numbered as they come. */
export function numberProducts(sessions: readonly Session[]): Sessions & { productIds: string[] } {
  const numberOf = new Map<string, number>();
  for (const id of sessions.flatMap(({ productIds }) => productIds)) {
    if (!numberOf.has(id)) numberOf.set(id, numberOf.size);
  }
  return {
    productIds: [...numberOf.keys()],
    offsets: offsetsOf(sessions.map(({ productIds }) => productIds.length)),
    views: Uint32Array.from(
      sessions.flatMap(({ productIds }) => productIds),
      (id) => numberOf.get(id)!,
    ),
  };
}

/** Numbers the products by falling views, as `corpus.bin` does, and collapses immediate repeats. */
export function corpusOf(sessions: readonly Session[]): Word2VecCorpus {
  const { productIds, ...numbered } = numberProducts(sessions);
  const { offsets, views } = collapseRepeats(numbered);
  return byFallingViews(productIds, { offsets, views });
}

/** Numbers anew by falling views; what was never viewed goes. */
export function byFallingViews<Id>(ids: readonly Id[], { offsets, views }: Sessions) {
  const counts = new Uint32Array(ids.length);
  for (const product of views) counts[product]++;
  const byViews = [...counts.keys()].filter((product) => counts[product] > 0).sort((a, b) => counts[b] - counts[a]);
  const numberOf = new Uint32Array(ids.length);
  byViews.forEach((product, number) => {
    numberOf[product] = number;
  });
  return {
    sessions: { offsets, views: views.map((product) => numberOf[product]) },
    productIds: byViews.map((product) => ids[product]),
    viewCounts: Uint32Array.from(byViews, (product) => counts[product]),
  };
}

export function readEshopText(path: string): string {
  const bytes = readFileSync(path);
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}
