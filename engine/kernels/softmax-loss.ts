/**
 * The loss of a conditional logit model and its gradient, in AssemblyScript. `engine/evaluation/softmax-loss.ts` lays
 * out the memory and sets the globals by name. Pointers are in bytes.
 */
import { exp, madd, storeLogisticConstants, sumsOfFour } from './simd';

// biome-ignore-start lint/style/useConst: the host sets these globals by name.
export let choiceCount: u32 = 0;
export let featureCount: u32 = 0;
/** (choiceCount) uint32, candidates of each choice */
export let sizes: usize = 0;
/** (choiceCount) uint32, the candidate that was chosen */
export let chosen: usize = 0;
/** (choices, ⌈size / 16⌉, featureCount, 16) float32: sixteen candidates side by side, the last ones padded. */
export let features: usize = 0;
/** (featureCount) float32 */
export let weights: usize = 0;
/** (candidates, rounded up to 16) float32: logits, then e^(logit − highest), then errors of one choice. */
export let logits: usize = 0;
/** (featureCount, 4) float32: the gradient of one choice in four lanes. */
export let lanes: usize = 0;
/** (featureCount) float64: Σ of the gradients. */
export let gradient: usize = 0;
/** (choiceCount) float32: Σ e^(logit − highest). */
export let sums: usize = 0;
/** (choiceCount) float32: highest logit − that of the chosen one. */
export let shortfalls: usize = 0;
/** Nine registers: `storeLogisticConstants`. */
export let constants: usize = 0;
// biome-ignore-end lint/style/useConst: the host sets these globals by name.

/** e^−80 is nothing beside the highest one's e^0; `exp` knows no more. */
const LEAST: f32 = -80;
const NO_CANDIDATE: f32 = -1e30;

/** Writes `gradient`, `sums` and `shortfalls`. */
export function measure(): void {
  storeLogisticConstants(constants);
  memory.fill(gradient, 0, (<usize>featureCount) << 3);
  let at = features;
  for (let choice: u32 = 0; choice < choiceCount; choice++) {
    const offset = (<usize>choice) << 2;
    const size = load<u32>(sizes + offset);
    const last = logits + (((<usize>size + 15) & ~15) << 2);
    const end = logitsOf(at, last);
    for (let l = logits + ((<usize>size) << 2); l < last; l += 4) store<f32>(l, NO_CANDIDATE);
    const chosenAt = logits + ((<usize>load<u32>(chosen + offset)) << 2);
    const highest = greatest(last);
    store<f32>(shortfalls + offset, highest - load<f32>(chosenAt));
    const sum = exponentials(highest, last);
    store<f32>(sums + offset, sum);
    // The error of the chosen one is its probability − 1.
    store<f32>(chosenAt, load<f32>(chosenAt) - sum);
    addGradient(at, last, 1 / sum);
    at = end;
  }
}

/** logits = features × weights, sixteen candidates at a time. @returns the end of the choice's features. */
function logitsOf(first: usize, last: usize): usize {
  const weightsEnd = weights + ((<usize>featureCount) << 2);
  let at = first;
  for (let l = logits; l < last; l += 64) {
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    for (let w = weights; w < weightsEnd; w += 4) {
      const weight = v128.load32_splat(w);
      s0 = madd(weight, v128.load(at), s0);
      s1 = madd(weight, v128.load(at, 16), s1);
      s2 = madd(weight, v128.load(at, 32), s2);
      s3 = madd(weight, v128.load(at, 48), s3);
      at += 64;
    }
    v128.store(l, s0);
    v128.store(l, s1, 16);
    v128.store(l, s2, 32);
    v128.store(l, s3, 48);
  }
  return at;
}

function greatest(last: usize): f32 {
  let most = v128.load(logits);
  for (let l = logits + 16; l < last; l += 16) most = f32x4.pmax(most, v128.load(l));
  return max(
    max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)),
    max(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)),
  );
}

/** @returns their sum. */
function exponentials(highest: f32, last: usize): f32 {
  const shift = f32x4.splat(highest);
  const least = f32x4.splat(LEAST);
  const none = f32x4.splat(NO_CANDIDATE / 2);
  let sum = f32x4.splat(0);
  for (let l = logits; l < last; l += 16) {
    const logit = v128.load(l);
    const power = exp(f32x4.max(f32x4.sub(logit, shift), least), constants);
    const known = v128.and(power, f32x4.gt(logit, none));
    v128.store(l, known);
    sum = f32x4.add(sum, known);
  }
  return f32x4.extract_lane(sumsOfFour(sum, sum, sum, sum), 0);
}

/** gradient += Σ factor · error · features. */
function addGradient(first: usize, last: usize, factor: f32): void {
  const lanesEnd = lanes + ((<usize>featureCount) << 4);
  memory.fill(lanes, 0, (<usize>featureCount) << 4);
  const scale = f32x4.splat(factor);
  let at = first;
  for (let l = logits; l < last; l += 64) {
    const e0 = f32x4.mul(scale, v128.load(l));
    const e1 = f32x4.mul(scale, v128.load(l, 16));
    const e2 = f32x4.mul(scale, v128.load(l, 32));
    const e3 = f32x4.mul(scale, v128.load(l, 48));
    for (let g = lanes; g < lanesEnd; g += 16) {
      const s = madd(e0, v128.load(at), madd(e1, v128.load(at, 16), v128.load(g)));
      v128.store(g, madd(e2, v128.load(at, 32), madd(e3, v128.load(at, 48), s)));
      at += 64;
    }
  }
  let to = gradient;
  for (let g = lanes; g < lanesEnd; g += 16) {
    const sum = v128.load(g);
    const pairs = f32x4.add(sum, f32x4.shuffle(sum, sum, 2, 3, 0, 1));
    store<f64>(to, load<f64>(to) + <f64>(f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1)));
    to += 8;
  }
}
