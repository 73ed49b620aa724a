import { compileKernel, instantiate } from '../numeric/kernel.ts';
import { KernelLayout } from '../numeric/kernel-memory.ts';
import { CANDIDATE_INPUTS, SESSION_INPUTS, UNIT_WIDTH } from '../serving-index/reranker.ts';
import { KERNEL } from './reranker-wasm.ts';

/** So many of the blend's best candidates are ranked anew; a multiple of 16, as the kernel wants it. */
export const RERANKED = 64;
/** The kernel reads so many candidates at a time. */
const BLOCK = 16;
/** The logit where fewer candidates are asked about. */
export const NO_CANDIDATE = -1e30;
const WORD_BYTES = 4;
/** `storeLogisticConstants` of `engine/kernels/simd.ts`. */
const CONSTANT_BYTES = 144;
const INPUT_COUNT = CANDIDATE_INPUTS.length;

/** The reranker's kernel and its memory: what is asked, and what comes out. */
export interface RerankerKernel {
  /** (questions, SESSION_INPUTS) */
  sessionInputs: Float32Array;
  /** (questions, RERANKED) the logits that are corrected. */
  baseLogits: Float32Array;
  /** (questions) the candidate that was chosen. */
  chosen: Uint32Array;
  /** (questions) 1 where a question counts a second time, without the candidates that were viewed. */
  isAskedAsServed: Uint32Array;
  /** (questions, RERANKED) `NO_CANDIDATE` for those that were viewed, 0 for the others. */
  viewedPenalties: Float32Array;
  /** (questions) in which they are learned from. */
  order: Uint32Array;
  /** As `Reranker.parameters`. */
  parameters: Float32Array;
  /** As `parameters`: of the summed losses of the last `learn`. */
  gradient: Float32Array;
  /** (questions) of those that were learned from, with all candidates: −ln of the probability of the chosen one is ln(sum) + shortfall. */
  sums: Float32Array;
  shortfalls: Float32Array;
  /** (RERANKED) of the last `score`. */
  logits: Float32Array;
  /** (questions, RERANKED, CANDIDATE_INPUTS) in the kernel's order: see `firstInputOf`. */
  inputs: Float32Array;
  score(question: number): void;
  /** From questions order[from, to). */
  learn(from: number, to: number): void;
}

/** @param hiddenCount units of the network: an even number. */
export function createRerankerKernel(questionCount: number, hiddenCount: number): RerankerKernel {
  const parameterCount = hiddenCount * UNIT_WIDTH;
  const layout = new KernelLayout();
  const words = (count: number) => layout.reserve(count * WORD_BYTES);
  const globals = {
    inputCount: INPUT_COUNT,
    sessionInputCount: SESSION_INPUTS.length,
    hiddenCount,
    candidateCount: RERANKED,
    inputs: words(questionCount * RERANKED * INPUT_COUNT),
    sessionInputs: words(questionCount * SESSION_INPUTS.length),
    baseLogits: words(questionCount * RERANKED),
    chosen: words(questionCount),
    isAskedAsServed: words(questionCount),
    viewedPenalties: words(questionCount * RERANKED),
    order: words(questionCount),
    parameters: words(parameterCount),
    lanes: words(4 * parameterCount),
    gradient: words(parameterCount),
    logits: words(RERANKED),
    servedLogits: words(RERANKED),
    activations: words(hiddenCount * RERANKED),
    sums: words(questionCount),
    shortfalls: words(questionCount),
    constants: layout.reserve(CONSTANT_BYTES),
  };
  const memory = layout.allocate('Fitting the reranker');
  const floats = (pointer: number, length: number) => new Float32Array(memory.buffer, pointer, length);
  const integers = (pointer: number) => new Uint32Array(memory.buffer, pointer, questionCount);
  const exports = instantiate(compileKernel(KERNEL), memory, globals);
  const baseLogits = floats(globals.baseLogits, questionCount * RERANKED);
  baseLogits.fill(NO_CANDIDATE);
  return {
    sessionInputs: floats(globals.sessionInputs, questionCount * SESSION_INPUTS.length),
    baseLogits,
    chosen: integers(globals.chosen),
    isAskedAsServed: integers(globals.isAskedAsServed),
    viewedPenalties: floats(globals.viewedPenalties, questionCount * RERANKED),
    order: integers(globals.order),
    parameters: floats(globals.parameters, parameterCount),
    gradient: floats(globals.gradient, parameterCount),
    sums: floats(globals.sums, questionCount),
    shortfalls: floats(globals.shortfalls, questionCount),
    logits: floats(globals.logits, RERANKED),
    inputs: floats(globals.inputs, questionCount * RERANKED * INPUT_COUNT),
    score: exports['score'] as RerankerKernel['score'],
    learn: exports['learn'] as RerankerKernel['learn'],
  };
}

/** Where `inputs` has the first input of a candidate; the next one is `BLOCK` further. */
export function firstInputOf(question: number, candidate: number): number {
  const lane = candidate % BLOCK;
  return (question * RERANKED + candidate - lane) * INPUT_COUNT + lane;
}

/** From one input of a candidate to the next one. */
export const INPUT_STRIDE = BLOCK;
