import type { Recommendations } from './ask.ts';

/** For a terminal: a heading, a line an item, and why when the model had nothing to say. */
export function tableOf({ productId, strategy, modelVersion, items }: Recommendations): string {
  const rows = [
    ['rank', 'product', 'score', 'source'],
    ...items.map(({ rank, productId: id, score, source }) => [`${rank}`, id, score.toFixed(3), source]),
  ];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const lines = rows.map(([rank, product, score, source]) =>
    [rank.padStart(widths[0]), product.padEnd(widths[1]), score.padStart(widths[2]), source].join('  '),
  );
  const isFallback = strategy !== 'popularity' && items.length > 0 && items.every(({ source }) => source === 'popular');
  return [
    `Similar to ${productId} (strategy ${strategy}, model ${modelVersion})`,
    '',
    ...lines,
    ...(isFallback ? ['', `The model knows nothing of ${productId}: these are the most viewed products.`] : []),
    '',
  ].join('\n');
}
