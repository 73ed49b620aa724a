import { expect, test } from 'vitest';
import { PriceBuilder } from '../../../engine/catalogue/price-builder.ts';

test.each<[string, string[], number[]]>([
  ['two digits after a comma', ['1.299', '899,00', '1.299,00', '2,500'], [1299, 899, 1299, 2.5]],
  ['two digits after a dot', ['1.299', '899.00', '2,500'], [1.299, 899, 2500]],
  ['groups of dots', ['1.299', '1.299.000'], [1299, 1299000]],
  ['a leading zero', ['1.299', '0,999'], [1299, 0.999]],
  ['a dash', ['1.299', '12,-'], [1299, 12]],
])('%s shows how a column is meant', (_what, texts, values) => {
  const builder = builderOf(texts);
  // Asked again where another feed was faster.
  for (let i = 0; i < 2; i++) expect(Array.from(builder.finish().values)).toEqual(values);
  expect(builder.doubtful).toBeUndefined();
});

test.each<[string, string[], number[]]>([
  ['nothing', ['7', '1.299', '2,500'], [7, 1.299, 2500]],
  ['both', ['7.5', '1.299', '2,500', '3,5'], [7.5, 1.299, 2500, 3.5]],
])('where %s shows it, the column is in doubt', (_what, texts, values) => {
  const builder = builderOf(texts);
  expect(Array.from(builder.finish().values)).toEqual(values);
  expect(builder.doubtful).toEqual({ count: 2, row: 1, text: '1.299', value: 1.299 });
});

test('a row without a price has none', () => {
  const builder = new PriceBuilder();
  builder.add([]);
  builder.add(['3']);
  expect(Array.from(builder.finish().values)).toEqual([Number.NaN, 3]);
});

function builderOf(texts: readonly string[]): PriceBuilder {
  const builder = new PriceBuilder();
  for (const text of texts) builder.add([text]);
  return builder;
}
