/** The usual constants. */
const MEAN_DECAY = 0.9;
const SQUARE_DECAY = 0.999;
const EPSILON = 1e-8;

/** Stochastic gradient descent with a step of its own for each parameter: Adam (Kingma and Ba 2015). */
export class Adam {
  /** Done so far. */
  steps = 0;
  readonly #parameters: Float32Array;
  readonly #means: Float64Array;
  readonly #squares: Float64Array;

  /** @param parameters changed by each step. */
  constructor(parameters: Float32Array) {
    this.#parameters = parameters;
    this.#means = new Float64Array(parameters.length);
    this.#squares = new Float64Array(parameters.length);
  }

  /** @param gradient (parameters) of a sum over so many examples. @param size of the step. */
  descend(gradient: Float32Array, examples: number, size: number): void {
    this.steps++;
    const unbiasedMean = 1 - MEAN_DECAY ** this.steps;
    const unbiasedSquare = 1 - SQUARE_DECAY ** this.steps;
    for (let p = 0; p < gradient.length; p++) {
      const slope = gradient[p] / examples;
      this.#means[p] += (1 - MEAN_DECAY) * (slope - this.#means[p]);
      this.#squares[p] += (1 - SQUARE_DECAY) * (slope ** 2 - this.#squares[p]);
      const root = Math.sqrt(this.#squares[p] / unbiasedSquare) + EPSILON;
      this.#parameters[p] -= (size * this.#means[p]) / unbiasedMean / root;
    }
  }
}
