/** Writes the gradient at x into `gradient`. @returns the value at x. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

const MEMORY = 10;
const SUFFICIENT_DECREASE = 1e-4;
const SMALLEST_STEP = 2 ** -30;

/**
 * Minimises a smooth function by limited-memory BFGS (Nocedal and Wright 2006, algorithms 7.4 and 7.5), halving the
 * step until the Armijo condition holds. Pairs of negative curvature are not remembered.
 *
 * @returns the best x found: after `maxIterations`, or when an iteration gains less than `tolerance` of the value.
 */
export function minimise(
  objective: Objective,
  start: Float64Array,
  { maxIterations, tolerance }: { maxIterations: number; tolerance: number },
): Float64Array {
  const history: Step[] = [];
  let x = start;
  let gradient = new Float64Array(x.length);
  let value = objective(x, gradient);
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    const direction = descentDirection(gradient, history);
    const slope = dot(gradient, direction);
    let stepLength = 1;
    let nextX = x;
    let nextValue = Number.POSITIVE_INFINITY;
    const nextGradient = new Float64Array(x.length);
    while (stepLength >= SMALLEST_STEP) {
      nextX = x.map((xi, i) => xi + stepLength * direction[i]);
      nextValue = objective(nextX, nextGradient);
      if (nextValue <= value + SUFFICIENT_DECREASE * stepLength * slope) break;
      stepLength /= 2;
    }
    if (!(nextValue < value)) break;
    const move = nextX.map((xi, i) => xi - x[i]);
    const change = nextGradient.map((gi, i) => gi - gradient[i]);
    if (dot(move, change) > 0) {
      history.push({ move, change });
      if (history.length > MEMORY) history.shift();
    }
    const gain = value - nextValue;
    [x, value, gradient] = [nextX, nextValue, nextGradient];
    if (gain < tolerance * Math.abs(value)) break;
  }
  return x;
}

interface Step {
  move: Float64Array;
  change: Float64Array;
}

/** The two-loop recursion; the first direction is the unit vector downhill. */
function descentDirection(gradient: Float64Array, history: readonly Step[]): Float64Array {
  const direction = gradient.map((g) => -g);
  const shares = history.map(() => 0);
  for (let i = history.length - 1; i >= 0; i--) {
    const { move, change } = history[i];
    shares[i] = dot(move, direction) / dot(move, change);
    addScaled(direction, change, -shares[i]);
  }
  const newest = history.at(-1);
  const norm = Math.sqrt(dot(gradient, gradient));
  const scale =
    newest === undefined ? 1 / Math.max(1, norm) : dot(newest.move, newest.change) / dot(newest.change, newest.change);
  for (let d = 0; d < direction.length; d++) direction[d] *= scale;
  history.forEach(({ move, change }, i) => {
    addScaled(direction, move, shares[i] - dot(change, direction) / dot(move, change));
  });
  return direction;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function addScaled(target: Float64Array, vector: Float64Array, factor: number): void {
  for (let i = 0; i < target.length; i++) target[i] += factor * vector[i];
}
