/** A frame that takes longer is felt as a jerk; one that takes less leaves room for more points. */
const SLOW_MS = 34;
const QUICK_MS = 20;
const LEAST = 10_000;

/**
 * How many points are drawn while the map moves. With a graphics card that is all of them; without one, as many as keep
 * it smooth, the most viewed first. Once it rests, all are drawn.
 */
export class FrameBudget {
  #points = Number.POSITIVE_INFINITY;
  #lastMs: number | undefined;

  /** @param nowMs when the frame begins. @returns how many of `all` points to draw in it. */
  whileMoving(all: number, nowMs: number): number {
    const elapsed = this.#lastMs === undefined ? undefined : nowMs - this.#lastMs;
    this.#lastMs = nowMs;
    if (elapsed !== undefined && elapsed > SLOW_MS) this.#points = Math.max(LEAST, Math.min(this.#points, all) / 1.6);
    if (elapsed !== undefined && elapsed < QUICK_MS) this.#points *= 1.15;
    return Math.min(all, Math.round(this.#points));
  }

  /** The next frame is the first of another movement. */
  rest(): void {
    this.#lastMs = undefined;
  }
}
