/**
 * The reranker of the blend and the gradient of its loss, in AssemblyScript. `engine/ranking/reranker-kernel.ts` lays out the
 * memory and sets the globals by name. Pointers are in bytes.
 *
 * A candidate with the inputs x, in a session with the inputs s, gets base + Σ_h o_h · max(0, b_h + w_h · x + u_h · s).
 */
import { exp, madd, storeLogisticConstants } from './simd';

// biome-ignore-start lint/style/useConst: the host sets these globals by name.
/** Of a candidate: the length of w_h. */
export let inputCount: usize = 0;
/** Of a session: the length of u_h. */
export let sessionInputCount: usize = 0;
/** Even: two hidden units are computed at a time. */
export let hiddenCount: usize = 0;
/** Of a question, with those that pad it: a multiple of 16. */
export let candidateCount: usize = 0;
/** (questions, candidateCount / 16, inputCount, 16) float32: sixteen candidates side by side. */
export let inputs: usize = 0;
/** (questions, sessionInputCount) float32 */
export let sessionInputs: usize = 0;
/** (questions, candidateCount) float32; below −1e29 where there is no candidate. */
export let baseLogits: usize = 0;
/** (questions) uint32, the candidate that was chosen */
export let chosen: usize = 0;
/** (questions) uint32, not 0 where the question is also asked without the candidates that were viewed: it counts twice then. */
export let isAskedAsServed: usize = 0;
/** (questions, candidateCount) float32: below −1e29 for candidates that were viewed, 0 for the others. */
export let viewedPenalties: usize = 0;
/** (questions) uint32, the order in which the questions are learned from. */
export let order: usize = 0;
/** (hiddenCount, inputCount + sessionInputCount + 2) float32: w_h, u_h, b_h, o_h. */
export let parameters: usize = 0;
/** As `parameters`, each in four lanes. */
export let lanes: usize = 0;
/** As `parameters`: the sum over the questions of the last `learn`. */
export let gradient: usize = 0;
/** (candidateCount) float32: logits, then errors of one question. */
export let logits: usize = 0;
/** (candidateCount) float32: the same without the candidates that were viewed. */
export let servedLogits: usize = 0;
/** (hiddenCount, candidateCount) float32: what the hidden units say of one question's candidates. */
export let activations: usize = 0;
/** (questions) float32: Σ e^(logit − highest). */
export let sums: usize = 0;
/** (questions) float32: highest logit − that of the chosen candidate. */
export let shortfalls: usize = 0;
/** Nine registers: `storeLogisticConstants`. */
export let constants: usize = 0;
// biome-ignore-end lint/style/useConst: the host sets these globals by name.

/** e^−80 is nothing beside the highest one's e^0; `exp` knows no more. */
const LEAST: f32 = -80;

/** Writes `logits` of one question. */
export function score(question: u32): void {
  const width = (inputCount + sessionInputCount + 2) << 2;
  const session = sessionInputs + <usize>question * (sessionInputCount << 2);
  const base = baseLogits + <usize>question * (candidateCount << 2);
  memory.copy(logits, base, candidateCount << 2);
  for (let h: usize = 0; h < hiddenCount; h += 2) {
    const first = parameters + h * width;
    const second = first + width;
    const firstBias = f32x4.splat(biasOf(first, session));
    const secondBias = f32x4.splat(biasOf(second, session));
    const firstOutput = v128.load32_splat(first + width - 4);
    const secondOutput = v128.load32_splat(second + width - 4);
    const weightsEnd = first + (inputCount << 2);
    let at = inputs + <usize>question * candidateCount * (inputCount << 2);
    const a = activations + h * (candidateCount << 2);
    for (let c: usize = 0; c < candidateCount << 2; c += 64) {
      let s0 = firstBias;
      let s1 = firstBias;
      let s2 = firstBias;
      let s3 = firstBias;
      let t0 = secondBias;
      let t1 = secondBias;
      let t2 = secondBias;
      let t3 = secondBias;
      for (let w = first; w < weightsEnd; w += 4) {
        const u = v128.load32_splat(w);
        const v = v128.load32_splat(w + width);
        const x0 = v128.load(at);
        const x1 = v128.load(at, 16);
        const x2 = v128.load(at, 32);
        const x3 = v128.load(at, 48);
        s0 = madd(u, x0, s0);
        s1 = madd(u, x1, s1);
        s2 = madd(u, x2, s2);
        s3 = madd(u, x3, s3);
        t0 = madd(v, x0, t0);
        t1 = madd(v, x1, t1);
        t2 = madd(v, x2, t2);
        t3 = madd(v, x3, t3);
        at += 64;
      }
      activate(a + c, s0, s1, s2, s3, firstOutput, logits + c);
      activate(a + c + (candidateCount << 2), t0, t1, t2, t3, secondOutput, logits + c);
    }
  }
}

/** b_h + u_h · s */
function biasOf(unit: usize, session: usize): f32 {
  const weights = unit + (inputCount << 2);
  const end = sessionInputCount << 2;
  let bias = load<f32>(weights + end);
  for (let offset: usize = 0; offset < end; offset += 4)
    bias += load<f32>(weights + offset) * load<f32>(session + offset);
  return bias;
}

/** Keeps max(0, s) and adds what comes out of it to the logits. */
function activate(to: usize, s0: v128, s1: v128, s2: v128, s3: v128, output: v128, logit: usize): void {
  const zero = f32x4.splat(0);
  const r0 = f32x4.max(s0, zero);
  const r1 = f32x4.max(s1, zero);
  const r2 = f32x4.max(s2, zero);
  const r3 = f32x4.max(s3, zero);
  v128.store(to, r0);
  v128.store(to, r1, 16);
  v128.store(to, r2, 32);
  v128.store(to, r3, 48);
  v128.store(logit, madd(output, r0, v128.load(logit)));
  v128.store(logit, madd(output, r1, v128.load(logit, 16)), 16);
  v128.store(logit, madd(output, r2, v128.load(logit, 32)), 32);
  v128.store(logit, madd(output, r3, v128.load(logit, 48)), 48);
}

/** Writes `gradient` of the summed losses of order[from, to), and of each the `sums` and `shortfalls` as it is asked with all candidates. */
export function learn(from: u32, to: u32): void {
  storeLogisticConstants(constants);
  const parameterCount = hiddenCount * (inputCount + sessionInputCount + 2);
  memory.fill(lanes, 0, parameterCount << 4);
  for (let i = from; i < to; i++) {
    const question = load<u32>(order + ((<usize>i) << 2));
    const offset = (<usize>question) << 2;
    const chosenPlace = load<u32>(chosen + offset);
    const isTwice = load<u32>(isAskedAsServed + offset) !== 0;
    score(question);
    // Both askings have the hidden units in common: one way back carries the errors of both.
    if (isTwice) sumOf(logits, viewedPenalties + offset * candidateCount, servedLogits);
    store<f32>(shortfalls + offset, greatest(logits) - load<f32>(logits + ((<usize>chosenPlace) << 2)));
    store<f32>(sums + offset, toErrors(logits, chosenPlace));
    if (isTwice) {
      toErrors(servedLogits, chosenPlace);
      sumOf(logits, servedLogits, logits);
    }
    addGradient(question);
  }
  for (let p: usize = 0; p < parameterCount; p++) {
    const sum = v128.load(lanes + (p << 4));
    const pairs = f32x4.add(sum, f32x4.shuffle(sum, sum, 2, 3, 0, 1));
    store<f32>(gradient + (p << 2), f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1));
  }
}

/** Of each candidate. */
function sumOf(a: usize, b: usize, to: usize): void {
  for (let c: usize = 0; c < candidateCount << 2; c += 16) {
    v128.store(to + c, f32x4.add(v128.load(a + c), v128.load(b + c)));
  }
}

/** From logits to probabilities less 1 for the chosen candidate. @returns Σ e^(logit − highest) */
function toErrors(at: usize, chosenPlace: u32): f32 {
  const sum = exponentials(at, greatest(at));
  const chosenAt = at + ((<usize>chosenPlace) << 2);
  store<f32>(chosenAt, load<f32>(chosenAt) - sum);
  const scale = f32x4.splat(1 / sum);
  const last = at + (candidateCount << 2);
  for (let l = at; l < last; l += 16) v128.store(l, f32x4.mul(scale, v128.load(l)));
  return sum;
}

function greatest(at: usize): f32 {
  const last = at + (candidateCount << 2);
  let most = v128.load(at);
  for (let l = at + 16; l < last; l += 16) most = f32x4.pmax(most, v128.load(l));
  return max(
    max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)),
    max(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)),
  );
}

/** @returns their sum. */
function exponentials(at: usize, highest: f32): f32 {
  const last = at + (candidateCount << 2);
  const shift = f32x4.splat(highest);
  const least = f32x4.splat(LEAST);
  let sum = f32x4.splat(0);
  for (let l = at; l < last; l += 16) {
    const difference = f32x4.sub(v128.load(l), shift);
    const power = exp(f32x4.max(difference, least), constants);
    const counted = v128.and(power, f32x4.gt(difference, least));
    v128.store(l, counted);
    sum = f32x4.add(sum, counted);
  }
  const pairs = f32x4.add(sum, f32x4.shuffle(sum, sum, 2, 3, 0, 1));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}

/** lanes += error · what the logit changes by, the errors being in `logits`. */
function addGradient(question: u32): void {
  const width = inputCount + sessionInputCount + 2;
  const session = sessionInputs + <usize>question * (sessionInputCount << 2);
  const last = logits + (candidateCount << 2);
  for (let h: usize = 0; h < hiddenCount; h++) {
    const unit = parameters + h * (width << 2);
    const output = v128.load32_splat(unit + ((width - 1) << 2));
    const to = lanes + h * (width << 4);
    const inputsEnd = to + (inputCount << 4);
    const biasAt = to + ((width - 2) << 4);
    let a = activations + h * (candidateCount << 2);
    let at = inputs + <usize>question * candidateCount * (inputCount << 2);
    let outputSum = v128.load(biasAt, 16);
    let sum = f32x4.splat(0);
    for (let l = logits; l < last; l += 64) {
      const g0 = passedOn(a, l, output);
      const g1 = passedOn(a + 16, l + 16, output);
      const g2 = passedOn(a + 32, l + 32, output);
      const g3 = passedOn(a + 48, l + 48, output);
      outputSum = madd(v128.load(a), v128.load(l), outputSum);
      outputSum = madd(v128.load(a, 16), v128.load(l, 16), outputSum);
      outputSum = madd(v128.load(a, 32), v128.load(l, 32), outputSum);
      outputSum = madd(v128.load(a, 48), v128.load(l, 48), outputSum);
      sum = f32x4.add(sum, f32x4.add(f32x4.add(g0, g1), f32x4.add(g2, g3)));
      for (let g = to; g < inputsEnd; g += 16) {
        const s = madd(g0, v128.load(at), madd(g1, v128.load(at, 16), v128.load(g)));
        v128.store(g, madd(g2, v128.load(at, 32), madd(g3, v128.load(at, 48), s)));
        at += 64;
      }
      a += 64;
    }
    let g = inputsEnd;
    for (let s = session; s < session + (sessionInputCount << 2); s += 4) {
      v128.store(g, madd(sum, v128.load32_splat(s), v128.load(g)));
      g += 16;
    }
    v128.store(biasAt, f32x4.add(v128.load(biasAt), sum));
    v128.store(biasAt, outputSum, 16);
  }
}

/** The error that a hidden unit is told of four candidates: none where it was silent. */
function passedOn(activation: usize, error: usize, output: v128): v128 {
  const isHeard = f32x4.gt(v128.load(activation), f32x4.splat(0));
  return v128.and(f32x4.mul(output, v128.load(error)), isHeard);
}
