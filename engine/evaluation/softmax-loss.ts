import { compileKernel, instantiate } from '../numeric/kernel.ts';
import { KernelLayout } from '../numeric/kernel-memory.ts';
import type { Objective } from '../numeric/l-bfgs.ts';
import { KERNEL } from './softmax-loss-wasm.ts';

/** What is asked at one position: (candidates, features) row-major, and which candidate was viewed next. */
export interface Choice {
  features: Float32Array;
  chosen: number;
}

/** The kernel takes so many candidates at a time. */
const BLOCK = 16;
const WORD_BYTES = 4;
/** `storeLogisticConstants` of `engine/kernels/simd.ts`. */
const CONSTANT_BYTES = 144;

/**
 * Mean negative log likelihood of a conditional logit model with its gradient, and the ridge penalty on the distance of the
 * weights from `centre`. Logits are float32 and sums over choices float64: a mean of many is right to about 1e-7.
 *
 * @param choices copied. @param centre @default 0
 */
export function softmaxLoss(
  choices: readonly Choice[],
  featureCount: number,
  ridge: number,
  centre: Float64Array = new Float64Array(featureCount),
): Objective {
  const { weights, gradients, sums, shortfalls, measure } = layOut(choices, featureCount);
  return (at, gradient) => {
    weights.set(at);
    measure();
    let loss = 0;
    for (let choice = 0; choice < choices.length; choice++) loss += Math.log(sums[choice]) + shortfalls[choice];
    for (let f = 0; f < featureCount; f++) {
      const distance = at[f] - centre[f];
      gradient[f] = gradients[f] / choices.length + ridge * distance;
      loss += (choices.length * ridge * distance ** 2) / 2;
    }
    return loss / choices.length;
  };
}

function layOut(choices: readonly Choice[], featureCount: number) {
  const blocksOf = ({ features }: Choice) => Math.ceil(features.length / featureCount / BLOCK);
  const mostBlocks = choices.reduce((most, choice) => Math.max(most, blocksOf(choice)), 1);
  const blocks = choices.reduce((sum, choice) => sum + blocksOf(choice), 0);
  const layout = new KernelLayout();
  const words = (count: number) => layout.reserve(count * WORD_BYTES);
  const globals = {
    choiceCount: choices.length,
    featureCount,
    sizes: words(choices.length),
    chosen: words(choices.length),
    features: words(blocks * BLOCK * featureCount),
    weights: words(featureCount),
    logits: words(mostBlocks * BLOCK),
    lanes: words(4 * featureCount),
    gradient: words(2 * featureCount),
    sums: words(choices.length),
    shortfalls: words(choices.length),
    constants: layout.reserve(CONSTANT_BYTES),
  };
  const memory = layout.allocate('Fitting the blend');
  const floats = (pointer: number, length: number) => new Float32Array(memory.buffer, pointer, length);
  const integers = (pointer: number) => new Uint32Array(memory.buffer, pointer, choices.length);
  integers(globals.sizes).set(choices.map(({ features }) => features.length / featureCount));
  integers(globals.chosen).set(choices.map(({ chosen }) => chosen));
  const packed = floats(globals.features, blocks * BLOCK * featureCount);
  let block = 0;
  for (const choice of choices) {
    packBlocks(choice.features, featureCount, packed, block * BLOCK * featureCount);
    block += blocksOf(choice);
  }
  return {
    weights: floats(globals.weights, featureCount),
    gradients: new Float64Array(memory.buffer, globals.gradient, featureCount),
    sums: floats(globals.sums, choices.length),
    shortfalls: floats(globals.shortfalls, choices.length),
    measure: instantiate(compileKernel(KERNEL), memory, globals)['measure'] as () => void,
  };
}

/** (candidates, features) to (blocks, features, 16). */
function packBlocks(rows: Float32Array, featureCount: number, packed: Float32Array, start: number): void {
  const size = rows.length / featureCount;
  for (let i = 0; i < size; i++) {
    const lane = i % BLOCK;
    const to = start + (i - lane) * featureCount + lane;
    for (let f = 0; f < featureCount; f++) packed[to + f * BLOCK] = rows[i * featureCount + f];
  }
}
