import fc from 'fast-check';
import { expect, test } from 'vitest';
import { minimise } from '../../../engine/numeric/l-bfgs.ts';

const thorough = { maxIterations: 5_000, tolerance: 1e-15 };

test('finds the minimum of the Rosenbrock function at (1, 1)', () => {
  const rosenbrock = ([x, y]: Float64Array, gradient: Float64Array) => {
    gradient[0] = -2 * (1 - x) - 400 * x * (y - x * x);
    gradient[1] = 200 * (y - x * x);
    return (1 - x) ** 2 + 100 * (y - x * x) ** 2;
  };
  const [x, y] = minimise(rosenbrock, Float64Array.of(-1.2, 1), thorough);
  expect(x).toBeCloseTo(1, 4);
  expect(y).toBeCloseTo(1, 4);
});

test('finds the minimum of badly scaled quadratics', () => {
  const scales = fc.array(fc.double({ min: 1e-2, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(scales, (curvatures) => {
      const quadratic = (x: Float64Array, gradient: Float64Array) => {
        let value = 0;
        for (const [i, curvature] of curvatures.entries()) {
          gradient[i] = curvature * (x[i] - i);
          value += (curvature * (x[i] - i) ** 2) / 2;
        }
        return value;
      };
      const found = minimise(quadratic, new Float64Array(curvatures.length), thorough);
      for (const i of curvatures.keys()) expect(found[i]).toBeCloseTo(i, 2);
    }),
  );
});

test('stays where the gradient is 0', () => {
  const flat = (_: Float64Array, gradient: Float64Array) => {
    gradient.fill(0);
    return 3;
  };
  expect([...minimise(flat, Float64Array.of(7, 8), thorough)]).toEqual([7, 8]);
});
