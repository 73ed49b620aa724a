import { Matrix, solve } from 'ml-matrix';
import { expect, test } from 'vitest';
import { seededRandom } from '../../../engine/numeric/random.ts';
import { solveLeastSquares } from '../../../engine/numeric/sparse-least-squares.ts';

test('one row, worked by hand: w (b − y) + λ b = 0', () => {
  const solution = solveLeastSquares({
    rows: [[0]],
    columnCount: 1,
    targetCount: 2,
    targetsOf: (_, into) => into.set([6, -3]),
    weightOf: () => 2,
    ridgeOf: () => 1,
  });
  expect([...solution]).toEqual([4, -2]);
});

test('agrees with a dense solution of the normal equations', () => {
  const [rowCount, columnCount, targetCount] = [200, 30, 3];
  const random = seededRandom(5);
  const rows = Array.from({ length: rowCount }, () =>
    Array.from({ length: columnCount }, (_, column) => column).filter((column) => column === 0 || random() < 0.2),
  );
  const targets = rows.map(() => Array.from({ length: targetCount }, () => random() * 4 - 2));
  const weights = rows.map(() => random());
  const ridgeOf = (column: number) => (column === 0 ? 0.01 : 2);

  const design = new Matrix(
    rows.map((columns) => Array.from({ length: columnCount }, (_, c) => Number(columns.includes(c)))),
  );
  const weighted = design.clone().mulColumnVector(weights);
  const normal = weighted.transpose().mmul(design);
  for (let column = 0; column < columnCount; column++)
    normal.set(column, column, normal.get(column, column) + ridgeOf(column));
  const expected = solve(normal, weighted.transpose().mmul(new Matrix(targets))).to1DArray();

  const solution = solveLeastSquares({
    rows,
    columnCount,
    targetCount,
    targetsOf: (row, into) => into.set(targets[row]),
    weightOf: (row) => weights[row],
    ridgeOf,
  });
  solution.forEach((value, i) => {
    expect(Math.abs(value - expected[i])).toBeLessThan(1e-3);
  });
});

test('columns that no row has stay 0', () => {
  const problem = { rows: [[1]], columnCount: 3, targetCount: 1, weightOf: () => 1, ridgeOf: () => 1 };
  expect([...solveLeastSquares({ ...problem, targetsOf: (_, into) => into.set([4]) })]).toEqual([0, 2, 0]);
});
