import { alignColumns } from '../lib/align-columns.ts';
import type { Recommendations } from './ask.ts';

/** For a terminal: a heading, a line an item, and why when the model had nothing to say. */
export function tableOf({ productId, strategy, modelVersion, items }: Recommendations): string {
  const rows = [
    ['rank', 'product', 'score', 'source'],
    ...items.map(({ rank, productId: id, score, source }) => [`${rank}`, id, score.toFixed(3), source]),
  ];
  const isFallback = strategy !== 'popularity' && items.length > 0 && items.every(({ source }) => source === 'popular');
  return [
    `Similar to ${productId} (strategy ${strategy}, model ${modelVersion})`,
    '',
    ...alignColumns(rows, [0, 2]),
    ...(isFallback ? ['', nothingKnown(productId, strategy)] : []),
    '',
  ].join('\n');
}

function nothingKnown(productId: string, strategy: string): string {
  const what =
    strategy === 'bought-together'
      ? `Nothing is known to have been bought together with ${productId}`
      : `The model knows nothing of ${productId}`;
  return `${what}: these are the most viewed products.`;
}
