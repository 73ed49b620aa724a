import type { Random } from '../../engine/numeric/random.ts';

/** Standard normal (Box and Muller 1958). */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Inverse Gaussian (Michael, Schucany and Haas 1976). */
export function inverseGaussian(mean: number, shape: number, random: Random): number {
  const y = normal(random) ** 2;
  const half = mean / (2 * shape);
  const x = mean + half * (mean * y - Math.sqrt(4 * mean * shape * y + (mean * y) ** 2));
  return random() * (mean + x) <= mean ? x : mean ** 2 / x;
}

/** Number of failures before the first success: 0, 1, 2… */
export function geometric(success: number, random: Random): number {
  return Math.floor(Math.log(1 - random()) / Math.log(1 - success));
}
