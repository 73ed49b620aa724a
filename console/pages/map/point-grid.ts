import { EXTENT } from './map-view.ts';

const CELLS = 128;
const CELL = (2 * EXTENT) / CELLS;

/** Finds points by place: 128 × 128 cells, each with the numbers of its points. */
export class PointGrid {
  readonly #x: ArrayLike<number>;
  readonly #y: ArrayLike<number>;
  /** (CELLS² + 1) cell c has the points [starts[c], starts[c + 1]) of `order`. */
  readonly #starts = new Uint32Array(CELLS * CELLS + 1);
  readonly #order: Uint32Array;

  constructor(x: ArrayLike<number>, y: ArrayLike<number>) {
    this.#x = x;
    this.#y = y;
    this.#order = new Uint32Array(x.length);
    for (let i = 0; i < x.length; i++) this.#starts[cellOf(x[i], y[i]) + 1]++;
    for (let c = 0; c < CELLS * CELLS; c++) this.#starts[c + 1] += this.#starts[c];
    const next = this.#starts.slice();
    for (let i = 0; i < x.length; i++) this.#order[next[cellOf(x[i], y[i])]++] = i;
  }

  /** @param radius in the map's units. @returns the nearest point; undefined when none is as near. */
  nearest(x: number, y: number, radius: number): number | undefined {
    let best: number | undefined;
    let bestSquare = radius * radius;
    this.#each(x - radius, x + radius, y - radius, y + radius, (i) => {
      const square = (this.#x[i] - x) ** 2 + (this.#y[i] - y) ** 2;
      if (square > bestSquare) return;
      best = i;
      bestSquare = square;
    });
    return best;
  }

  /** @param polygon corners in the map's units. @returns ascending numbers, so the most viewed first. */
  inside(polygon: readonly (readonly [number, number])[]): number[] {
    const xs = polygon.map(([x]) => x);
    const ys = polygon.map(([, y]) => y);
    const found: number[] = [];
    this.#each(Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys), (i) => {
      if (isInside(polygon, this.#x[i], this.#y[i])) found.push(i);
    });
    return found.sort((a, b) => a - b);
  }

  #each(left: number, right: number, low: number, high: number, visit: (i: number) => void): void {
    for (let row = cellIndex(low); row <= cellIndex(high); row++) {
      for (let column = cellIndex(left); column <= cellIndex(right); column++) {
        const cell = row * CELLS + column;
        for (let at = this.#starts[cell]; at < this.#starts[cell + 1]; at++) visit(this.#order[at]);
      }
    }
  }
}

function cellIndex(n: number): number {
  return Math.min(CELLS - 1, Math.max(0, Math.floor((n + EXTENT) / CELL)));
}

function cellOf(x: number, y: number): number {
  return cellIndex(y) * CELLS + cellIndex(x);
}

/** Even–odd rule. */
function isInside(polygon: readonly (readonly [number, number])[], x: number, y: number): boolean {
  let isIn = false;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [ax, ay] = polygon[i];
    const [bx, by] = polygon[j];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) isIn = !isIn;
  }
  return isIn;
}
