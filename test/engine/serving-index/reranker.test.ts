import { describe, expect, test } from 'vitest';
import { decodeContainer, encodeContainer } from '../../../engine/artifacts/binary-container.ts';
import { seededRandom } from '../../../engine/numeric/random.ts';
import { nameReranker, RERANKER_INPUTS, rerankerByName } from '../../../engine/serving-index/reranker.ts';
import {
  decodeServingIndex,
  encodeServingIndex,
  SERVING_INDEX_VERSION,
} from '../../../engine/serving-index/serving-index-file.ts';
import { indexOf } from '../ranking/example-index.ts';

const UNITS = 4;
const index = indexOf(
  [
    [0, 1],
    [0, 2],
  ],
  3,
);
const random = seededRandom(6);
const reranker = {
  parameters: Float32Array.from({ length: UNITS * (RERANKER_INPUTS.length + 2) }, () => random() - 0.5),
};
const named = nameReranker(reranker);

describe('the reranker by the names of its inputs', () => {
  test('is found again, in whatever order they stand', () => {
    expect(rerankerByName(named)).toEqual(reranker);
    const inputs = named.inputs.toReversed();
    const units = named.units.map((unit) => [...unit.slice(0, -2).toReversed(), ...unit.slice(-2)]);
    expect(rerankerByName({ inputs, units })).toEqual(reranker);
  });

  test('an input that it does not name counts for nothing', () => {
    const units = named.units.map((unit) => unit.slice(1));
    const older = rerankerByName({ inputs: named.inputs.slice(1), units });
    const expected = named.units.map((unit) => [0, ...unit.slice(1)]);
    expect(older.parameters).toEqual(Float32Array.from(expected.flat()));
  });

  test.each<[string, typeof named, string]>([
    ['one that the code does not know', { ...named, inputs: ['weather', ...named.inputs.slice(1)] }, '"weather"'],
    ['one named twice', { ...named, inputs: [named.inputs[1], ...named.inputs.slice(1)] }, 'with different inputs'],
    ['a unit less', { ...named, units: named.units.slice(1) }, 'even number of units'],
    ['no unit', { ...named, units: [] }, 'even number of units'],
    ['a number less', { ...named, units: named.units.map((unit) => unit.slice(1)) }, 'finite numbers'],
    ['no number', { ...named, units: [named.units[0].with(3, Number.NaN), ...named.units.slice(1)] }, 'finite numbers'],
  ])('%s is refused', (_, wrong, message) => {
    expect(() => rerankerByName(wrong)).toThrow(message);
  });
});

describe('the serving index', () => {
  test('keeps the reranker, and does without one', () => {
    expect(decodeServingIndex(encodeServingIndex({ ...index, reranker })).reranker).toEqual(reranker);
    expect(decodeServingIndex(encodeServingIndex(index)).reranker).toBeUndefined();
  });

  test('is refused where the names do not fit the numbers', () => {
    const file = encodeServingIndex({ ...index, reranker });
    const container = decodeContainer(file, 'serving-index', SERVING_INDEX_VERSION);
    const meta = { ...container.meta, rerankerInputs: RERANKER_INPUTS.slice(1) };
    expect(() => decodeServingIndex(encodeContainer({ ...container, meta }))).toThrow('parameters of its reranker');
  });
});
