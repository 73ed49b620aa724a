import { expect, test } from 'vitest';
import { attributeFieldsOf } from '../../../engine/attributes/attribute-fields.ts';
import { expectTraits, learnAttributeVectors } from '../../../engine/attributes/attribute-vectors.ts';
import { drawRareProducts } from '../../../engine/attributes/draw-rare.ts';
import { catalogueOf } from './example-catalogue.ts';

const COLOURS = ['red', 'blue', 'green'];
const SIZES = ['s', 'm'];
const PER_KIND = 40;

/** Products of every colour and size whose vectors are exactly (1, 1) + colour + size; the last two were never viewed. */
const kinds = COLOURS.flatMap((colour) => SIZES.map((size) => ({ colour, size })));
const products = [
  ...Array.from({ length: PER_KIND }, () => kinds).flat(),
  { colour: 'red', size: 'm' },
  { colour: 'pink', size: 's' },
];
const known = products.length - 2;
const COLOUR_VECTORS: Record<string, [number, number]> = { red: [2, 0], blue: [-1, 1], green: [0, -3] };
const vectorOf = ({ colour, size }: (typeof products)[number]): [number, number] => {
  const [x, y] = COLOUR_VECTORS[colour];
  return [1 + x, 1 + y + (size === 's' ? 0.5 : -0.5)];
};
const fields = attributeFieldsOf(
  catalogueOf(
    ['id', 'color', 'size'],
    products.map(({ colour, size }, p) => [`p${p}`, colour, size]),
  ),
);
const vectors = Float32Array.from(products.slice(0, known).flatMap(vectorOf));
const viewCounts = new Uint32Array(known).fill(10_000);
const traits = {
  dimensions: 2,
  vectors,
  contextVectors: vectors.map((value) => -value),
  logViews: Float32Array.from(viewCounts, Math.log1p),
};

test('a product that nobody viewed gets the sum of what its attributes add', () => {
  const learned = learnAttributeVectors(fields, traits, viewCounts);
  const expected = expectTraits(learned, fields, [known]);
  const [x, y] = vectorOf(products[known]);
  // The ridge of 2 beside 80 or more products of a colour pulls each part in by a few hundredths.
  expect(Math.abs(expected.vectors[0] - x)).toBeLessThan(0.1);
  expect(Math.abs(expected.vectors[1] - y)).toBeLessThan(0.1);
  expect(Math.abs(expected.contextVectors[0] + x)).toBeLessThan(0.1);
  expect(Math.abs(expected.logViews[0] - Math.log1p(10_000))).toBeLessThan(0.1);
});

test('an attribute that only one product has is not learned: the others speak', () => {
  const learned = learnAttributeVectors(fields, traits, viewCounts);
  expect(learned.tokens).not.toContain('color=pink');
  const expected = expectTraits(learned, fields, [known + 1]);
  const meanY = 1 + (0 + 1 - 3) / 3 + 0.5;
  expect(Math.abs(expected.vectors[1] - meanY)).toBeLessThan(0.15);
});

test('what is not to be learned from changes nothing', () => {
  const without = learnAttributeVectors(fields, traits, viewCounts, (product) => products[product].colour !== 'red');
  expect(without.tokens).not.toContain('color=red');
});

test('a rare product is drawn half way to what is expected where it has as many views as the pull', () => {
  const odd = vectors.slice();
  odd.set([9, 9], 2 * (known - 1));
  const counts = viewCounts.slice();
  counts[known - 1] = 5;
  const learned = {
    productIds: products.slice(0, known).map((_, p) => `p${p}`),
    dimensions: 2,
    vectors: odd,
    contextVectors: odd,
  };
  const drawn = drawRareProducts(learned, counts, fields, 5);
  const [x, y] = vectorOf(products[known - 1]);
  expect(Math.abs(drawn.vectors[2 * (known - 1)] - (9 + x) / 2)).toBeLessThan(0.1);
  expect(Math.abs(drawn.vectors[2 * (known - 1) + 1] - (9 + y) / 2)).toBeLessThan(0.1);
  // A frequent one hardly moves.
  expect(Math.abs(drawn.vectors[0] - odd[0])).toBeLessThan(0.001);
  expect(drawRareProducts(learned, counts, fields, 0)).toBe(learned);
});
