import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { collapseRepeats } from '../../engine/clicks/corpus.ts';
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
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const [header, ...rows] = text.split(/\r?\n/).filter((line) => line !== '');
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

/** Numbers the products by falling views, as `corpus.bin` does, and collapses immediate repeats. */
export function corpusOf(sessions: readonly Session[]): Word2VecCorpus {
  const firstSeen = new Map<string, number>();
  const offsets = new Uint32Array(sessions.length + 1);
  sessions.forEach(({ productIds }, s) => {
    offsets[s + 1] = offsets[s] + productIds.length;
    for (const id of productIds) if (!firstSeen.has(id)) firstSeen.set(id, firstSeen.size);
  });
  const views = Uint32Array.from(
    sessions.flatMap(({ productIds }) => productIds),
    (id) => firstSeen.get(id)!,
  );
  const collapsed = collapseRepeats({ offsets, views });
  const counts = new Uint32Array(firstSeen.size);
  for (const product of collapsed.views) counts[product]++;

  const byViews = [...firstSeen.keys()].sort((a, b) => counts[firstSeen.get(b)!] - counts[firstSeen.get(a)!]);
  const numberOf = new Uint32Array(byViews.length);
  byViews.forEach((id, number) => {
    numberOf[firstSeen.get(id)!] = number;
  });
  return {
    sessions: { offsets: collapsed.offsets, views: collapsed.views.map((product) => numberOf[product]) },
    productIds: byViews,
    viewCounts: Uint32Array.from(byViews, (id) => counts[firstSeen.get(id)!]),
  };
}
