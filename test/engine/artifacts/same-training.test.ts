import { describe, expect, it } from 'vitest';
import { isSameTraining, type Training } from '../../../engine/artifacts/same-training.ts';
import { parseTrainingRequest } from '../../../engine/artifacts/training-request.ts';

const COLUMNS = { session: 's', product: 'p', order: 'o', time: ['t'] };
const BASE = { source: 'raw/', columns: COLUMNS, preset: 'layer' };
const input = (name: string, sha256: string) => ({ name, sizeBytes: 1, sha256 });

function training(request: object = {}, changes: Partial<Training> = {}): Training {
  return {
    inputs: [input('a.csv', '1'), input('b.csv', '2')],
    request: parseTrainingRequest({ ...BASE, ...request }),
    codeVersion: '1',
    ...changes,
  };
}

describe('two trainings are the same', () => {
  it.each([
    [
      'of the same files under other names, in another order',
      training({}, { inputs: [input('x', '2'), input('y', '1')] }),
    ],
    ['from another place', training({ source: 's3://other/raw/' })],
    ['with force', training({ force: true })],
    ['with settings typed out that the preset has anyway', training({ settings: { vector_size: 10 } })],
    [
      'with columns named in another order',
      training({ columns: { time: ['t'], order: 'o', product: 'p', session: 's' } }),
    ],
  ])('%s', (_, other) => {
    expect(isSameTraining(training(), other)).toBe(true);
  });
});

describe('two trainings differ', () => {
  it.each([
    ['by a file', training({}, { inputs: [input('a.csv', '1'), input('b.csv', '3')] })],
    ['by one more file', training({}, { inputs: [...training().inputs, input('c.csv', '3')] })],
    ['by a file that is there twice', training({}, { inputs: [...training().inputs, input('c.csv', '2')] })],
    ['by a setting', training({ settings: { seed: 2 } })],
    ['by the preset', training({ preset: 'tuned' })],
    ['by a column', training({ columns: { ...COLUMNS, product: 'sku' } })],
    ['by the delimiter', training({ delimiter: ';' })],
    ['by the encoding', training({ encoding: 'latin-1' })],
    ['by the code', training({}, { codeVersion: '2' })],
  ])('%s', (_, other) => {
    expect(isSameTraining(training(), other)).toBe(false);
  });
});

// The sessions that begin last are taken for the newest.
it('without a time the order of the files tells, their names do not', () => {
  const { time: _, ...columns } = COLUMNS;
  const of = (...inputs: Training['inputs']) => training({ columns }, { inputs });
  const given = of(input('a.csv', '1'), input('b.csv', '2'));
  expect(isSameTraining(given, of(input('c.csv', '1'), input('d.csv', '2')))).toBe(true);
  expect(isSameTraining(given, of(input('a.csv', '2'), input('b.csv', '1')))).toBe(false);
});
