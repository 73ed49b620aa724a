/** Rows of zeros and ones, and what each of them should add up to. */
export interface LeastSquaresProblem {
  /** The columns in which each row is 1. */
  rows: readonly (readonly number[])[];
  columnCount: number;
  targetCount: number;
  /** Writes the targets of a row into (targetCount). */
  targetsOf(row: number, into: Float64Array): void;
  /** How much a row counts. */
  weightOf(row: number): number;
  /** Penalty on the squares of a column's coefficients. */
  ridgeOf(column: number): number;
}

const MOST_ITERATIONS = 60;
const TOLERANCE = 1e-4;

/**
 * Weighted ridge regression of several targets at once: minimises Σ_r w_r ‖x_r·B − y_r‖² + Σ_c λ_c ‖B_c‖², by conjugate
 * gradients on the normal equations with the diagonal as preconditioner (Golub and Van Loan, Matrix Computations, 11.5). Each target has steps of its
 * own. XᵀWX is never formed.
 *
 * @returns (columnCount, targetCount) row-major: B, to within 1e-4 of the gradient at 0.
 */
export function solveLeastSquares(problem: LeastSquaresProblem): Float64Array {
  const { rows, columnCount, targetCount, targetsOf, weightOf, ridgeOf } = problem;
  const size = columnCount * targetCount;
  const weights = Float64Array.from(rows, (_, row) => weightOf(row));
  const diagonal = Float64Array.from({ length: columnCount }, (_, column) => ridgeOf(column));
  const solution = new Float64Array(size);
  const residual = new Float64Array(size);
  const buffer = new Float64Array(targetCount);
  rows.forEach((columns, row) => {
    targetsOf(row, buffer);
    for (const column of columns) {
      diagonal[column] += weights[row];
      addTo(residual, column, weights[row], buffer);
    }
  });

  const multiply = (vector: Float64Array): Float64Array => {
    const product = new Float64Array(size);
    for (let row = 0; row < rows.length; row++) {
      buffer.fill(0);
      for (const column of rows[row]) {
        for (let t = 0; t < targetCount; t++) buffer[t] += vector[column * targetCount + t];
      }
      for (const column of rows[row]) addTo(product, column, weights[row], buffer);
    }
    for (let i = 0; i < size; i++) product[i] += ridgeOf(Math.floor(i / targetCount)) * vector[i];
    return product;
  };
  const precondition = (vector: Float64Array) =>
    vector.map((value, i) => value / diagonal[Math.floor(i / targetCount)]);

  let conditioned = precondition(residual);
  const direction = conditioned.slice();
  let squares = dotByTarget(residual, conditioned, targetCount);
  const enough = squares.map((value) => value * TOLERANCE ** 2);
  for (let iteration = 0; iteration < MOST_ITERATIONS && squares.some((value, t) => value > enough[t]); iteration++) {
    const product = multiply(direction);
    const curvature = dotByTarget(direction, product, targetCount);
    const steps = squares.map((value, t) => (curvature[t] > 0 ? value / curvature[t] : 0));
    for (let i = 0; i < size; i++) {
      solution[i] += steps[i % targetCount] * direction[i];
      residual[i] -= steps[i % targetCount] * product[i];
    }
    conditioned = precondition(residual);
    const next = dotByTarget(residual, conditioned, targetCount);
    for (let i = 0; i < size; i++) {
      const t = i % targetCount;
      direction[i] = conditioned[i] + (squares[t] > 0 ? next[t] / squares[t] : 0) * direction[i];
    }
    squares = next;
  }
  return solution;

  function addTo(matrix: Float64Array, column: number, factor: number, values: Float64Array): void {
    for (let t = 0; t < targetCount; t++) matrix[column * targetCount + t] += factor * values[t];
  }
}

function dotByTarget(a: Float64Array, b: Float64Array, targetCount: number): Float64Array {
  const sums = new Float64Array(targetCount);
  for (let i = 0; i < a.length; i++) sums[i % targetCount] += a[i] * b[i];
  return sums;
}
