/**
 * Word2Vec's inner loop in AssemblyScript. `engine/word2vec/training-memory.ts` lays out the memory and sets the globals by name;
 * `test/engine/word2vec/reference/` has the same in plain TypeScript, the oracle of the tests.
 *
 * Everything lies in one memory that all threads share; pointers and row sizes are in bytes. A row of the two matrices
 * is padded with zeros to a multiple of 16 floats, a cache line, and every update leaves those zeros zero.
 */
import { nextBits, seedRandom } from './random';
import { logistic, madd, storeLogisticConstants, sumsOfFour, sumsOfTwo } from './simd';

// biome-ignore-start lint/style/useConst: the host sets these globals by name.
/** (vocabularySize + threads · replicaCount, rowBytes / 4) float32: after all products' rows, each thread's replicas. */
export let vectors: usize = 0;
/** Of the same shape. */
export let contextVectors: usize = 0;
export let rowBytes: usize = 0;
/** Of a row, what holds a dimension: a multiple of 16, not above rowBytes. */
export let usedBytes: usize = 0;
export let dimensions: u32 = 0;
export let vocabularySize: u32 = 0;

/** (sessionCount + 1) uint32 */
export let offsets: usize = 0;
/** (viewCount) uint32: the row of each view's product, from `vocabularySize` on where it has none. */
export let views: usize = 0;
export let sessionCount: u32 = 0;
export let viewCount: u32 = 0;
/** uint32: the first session that no thread has taken in this epoch. */
export let nextSession: usize = 0;

/** (vocabularySize) uint32: a view is kept when a uniform 32-bit integer is not above it. */
export let keepThresholds: usize = 0;
/** Each thread has a replica of the first so many rows, which it alone writes between two merges. */
export let replicaCount: u32 = 0;
/** (2, replicaCount, rowBytes / 4) float32, this thread's own: its replicas as they were when last merged. */
export let mergedRows: usize = 0;
/** The other rows belong to parts. A thread draws negatives from one part at a time, beside those with replicas. */
export let partCount: u32 = 1;
/** (partCount + 1) uint32: the first row of each part. */
export let partOffsets: usize = 0;
/**
 * (vocabularySize + (partCount − 1) · replicaCount, 2) uint32: for each part an alias table of the rows with replicas,
 * then of its own: threshold and alias of each slot.
 */
export let negativeSlots: usize = 0;

export let skipGram: bool = false;
export let cbowMean: bool = false;
export let shrinkWindows: bool = false;
/** Only the views before a centre are its contexts. */
export let forwardOnly: bool = false;
export let window: u32 = 0;
export let negative: u32 = 0;
export let epochs: u32 = 0;
export let alpha: f64 = 0;
export let minAlpha: f64 = 0;

export let seed: u32 = 0;
/** This thread's stream of random numbers. */
export let stream: u32 = 0;
/** (longest session) uint32, this thread's own: the byte offset of the row of each view that was kept. */
export let keptRows: usize = 0;
/** (targetCount) uint32, this thread's own: pointers to the rows of a centre and of its negatives. */
export let targetRows: usize = 0;
/**
 * (targetCount + 2) float32, this thread's own: the learning rate of the centre, its negative of each negative, and zero
 * where a target changes nothing. The last two fill a register and stay zero: dividing what is denormal takes long.
 */
export let targetRates: usize = 0;
/** (batchBytes / 4) uint32, this thread's own: pointers to the rows of the negatives that were drawn last. */
export let batch: usize = 0;
export let batchBytes: usize = 0;
/** 1 + negative, rounded up to a multiple of six. */
export let targetCount: usize = 0;
/** What `logistic` reads. */
export let logisticConstants: usize = 0;
/** (rowBytes / 4) float32, zero. */
export let zeroRow: usize = 0;
/** (rowBytes / 4) float32, this thread's own: h of CBOW. */
export let input: usize = 0;
/** (rowBytes / 4) float32, this thread's own: what a step adds to its input. */
export let inputChange: usize = 0;
// biome-ignore-end lint/style/useConst: see above.

/** Keeps the reads of `fetch` alive. */
export let fetched: u32 = 0;

/** Few enough to share the work evenly, many enough that the threads do not queue for the counter. */
const SESSIONS_PER_TURN: u32 = 64;
/** As gensim's batches: a rate that fell with every session would be lower on average, which short trainings feel. */
const VIEWS_PER_RATE: u32 = 10_000;
const LARGEST_PRODUCT: f32 = 6;
const ALL_BITS: u32 = 0xffff_ffff;

/** Of no thread. */
const INITIAL_STREAM: u64 = 0xffff_ffff;

/** gensim's start: vectors uniform in [−1, 1) / dimensions, context vectors zero as the memory is. */
export function initialise(): void {
  if (stream !== 0) return;
  storeLogisticConstants(logisticConstants);
  seedRandom(seed, INITIAL_STREAM);
  for (let row: usize = 0; row < vocabularySize * rowBytes; row += rowBytes) {
    for (let d: usize = 0; d < (<usize>dimensions) << 2; d += 4) {
      store<f32>(vectors + row + d, <f32>((<f64>nextBits() / 2147483648 - 1) / <f64>dimensions));
    }
  }
}

/** Takes sessions until none of this epoch is left. */
export function trainEpoch(epoch: u32): void {
  if (epoch === 0) seedRandom(seed, stream);
  copyReplicas();
  for (let turn: u32 = 1; ; turn++) {
    const first = atomic.add<u32>(nextSession, SESSIONS_PER_TURN);
    if (first >= sessionCount) break;
    const last = min(first + SESSIONS_PER_TURN, sessionCount);
    enterPart(epoch, first);
    for (let session = first; session < last; session++) trainSession(epoch, session);
    // All after every eighth turn, half of them after every fourth, and so on: what is viewed often is merged often.
    const powerOfTwo = min<u32>(turn & (0 - turn), 8);
    mergeReplicas((replicaCount * powerOfTwo) >> 3);
  }
  mergeReplicas(replicaCount);
}

/** Everything, of the only thread of a job. */
export function trainAlone(): void {
  initialise();
  for (let epoch: u32 = 0; epoch < epochs; epoch++) {
    store<u32>(nextSession, 0);
    trainEpoch(epoch);
  }
}

/** Takes in what all threads did in the epoch before. */
function copyReplicas(): void {
  const size = <usize>replicaCount * rowBytes;
  const replicas = replicaOf(0);
  memory.copy(vectors + replicas, vectors, size);
  memory.copy(mergedRows, vectors + replicas, size);
  memory.copy(contextVectors + replicas, contextVectors, size);
  memory.copy(mergedRows + size, contextVectors + replicas, size);
}

/** Adds what this thread changed to the first `count` rows, and takes in what others did. */
function mergeReplicas(count: u32): void {
  const size = <usize>replicaCount * rowBytes;
  for (let row: usize = 0; row < <usize>count * rowBytes; row += rowBytes) {
    mergeRow(vectors + row, vectors + replicaOf(row), mergedRows + row);
    mergeRow(contextVectors + row, contextVectors + replicaOf(row), mergedRows + size + row);
  }
}

function mergeRow(shared: usize, replica: usize, merged: usize): void {
  for (let d: usize = 0; d < usedBytes; d += 16) {
    const change = f32x4.sub(v128.load(replica + d), v128.load(merged + d));
    const sum = f32x4.add(v128.load(shared + d), change);
    v128.store(shared + d, sum);
    v128.store(replica + d, sum);
    v128.store(merged + d, sum);
  }
}

/** The byte offset of this thread's replica of the row at byte offset `row`. */
function replicaOf(row: usize): usize {
  return row + <usize>(vocabularySize + stream * replicaCount) * rowBytes;
}

/** The table that negatives are drawn from; pointers to the row of slot 0 were it, or were it not, one with a replica. */
let partSlots: usize = 0;
let partSize: u32 = 0;
let replicas: usize = 0;
let partRows: usize = 0;

/** No two threads draw from the same part at a time, and each draws from all in turn. */
function enterPart(epoch: u32, session: u32): void {
  const viewsBefore = <u64>epoch * viewCount + load<u32>(offsets + ((<usize>session) << 2));
  const part = <u32>((viewsBefore / vocabularySize + stream) % partCount);
  const first = load<u32>(partOffsets + ((<usize>part) << 2));
  const last = load<u32>(partOffsets + ((<usize>part) << 2), 4);
  partSize = replicaCount + last - first;
  partSlots = negativeSlots + ((<usize>(first - replicaCount + part * replicaCount)) << 3);
  replicas = contextVectors + replicaOf(0);
  partRows = contextVectors + <usize>first * rowBytes - <usize>replicaCount * rowBytes;
}

function trainSession(epoch: u32, session: u32): void {
  const start = load<u32>(offsets + ((<usize>session) << 2));
  const end = load<u32>(offsets + ((<usize>session) << 2), 4);
  const progress = (<f64>epoch + <f64>(start - (start % VIEWS_PER_RATE)) / <f64>viewCount) / <f64>epochs;
  const learningRate = <f32>max(minAlpha, alpha - (alpha - minAlpha) * progress);

  const last = keepViews(start, end);
  if (last - keptRows <= 4) return;
  for (let centre = keptRows; centre < last; centre += 4) {
    const reach = drawReach();
    const from = max(keptRows, centre - min(reach, centre - keptRows));
    const to = forwardOnly ? centre : min(last, centre + reach + 4);
    drawTargets(<u32>contextVectors + load<u32>(centre), learningRate);
    if (skipGram) trainSkipGram(centre, from, to);
    else trainCbow(centre, from, to);
  }
}

/** How far a centre's window reaches to each side, in bytes of `keptRows`. */
function drawReach(): usize {
  const reach = shrinkWindows ? 1 + <u32>((<u64>nextBits() * <u64>window) >> 32) : window;
  return (<usize>reach) << 2;
}

/**
 * Drops the products without a vector and sub-samples the frequent ones. Fetches the rows of all others at once, so that
 * none is waited for alone. Returns the end of `keptRows`.
 */
function keepViews(start: u32, end: u32): usize {
  let last = keptRows;
  for (let i = start; i < end; i++) {
    const row = load<u32>(views + ((<usize>i) << 2));
    if (row >= vocabularySize) continue;
    const threshold = load<u32>(keepThresholds + ((<usize>row) << 2));
    if (threshold !== ALL_BITS && nextBits() > threshold) continue;
    const shared = <usize>row * rowBytes;
    const at = row < replicaCount ? replicaOf(shared) : shared;
    fetch(vectors + at);
    fetch(contextVectors + at);
    store<u32>(last, <u32>at);
    last += 4;
  }
  return last;
}

function trainSkipGram(centre: usize, from: usize, to: usize): void {
  for (let context = from; context < to; context += 4) {
    if (context === centre) continue;
    const row = vectors + load<u32>(context);
    trainTargets(row, row, row);
  }
}

function trainCbow(centre: usize, from: usize, to: usize): void {
  const contextCount = ((to - from) >> 2) - <usize>!forwardOnly;
  if (contextCount === 0) return;
  const one = f32x4.splat(1);
  const share = f32x4.splat(1 / <f32>contextCount);
  sumContexts(centre, from, to, cbowMean ? share : one);
  trainTargets(input, zeroRow, inputChange);
  addToContexts(centre, from, to, cbowMean ? one : share);
}

/** input = factor · Σ contexts, a cache line at a time. */
function sumContexts(centre: usize, from: usize, to: usize, factor: v128): void {
  for (let d: usize = 0; d < rowBytes; d += 64) {
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    for (let context = from; context < to; context += 4) {
      if (context === centre) continue;
      const row = vectors + load<u32>(context) + d;
      s0 = f32x4.add(s0, v128.load(row));
      s1 = f32x4.add(s1, v128.load(row, 16));
      s2 = f32x4.add(s2, v128.load(row, 32));
      s3 = f32x4.add(s3, v128.load(row, 48));
    }
    v128.store(input + d, f32x4.mul(s0, factor));
    v128.store(input + d, f32x4.mul(s1, factor), 16);
    v128.store(input + d, f32x4.mul(s2, factor), 32);
    v128.store(input + d, f32x4.mul(s3, factor), 48);
  }
}

/** Each context += factor · inputChange, one context after the other: a product may be there twice. */
function addToContexts(centre: usize, from: usize, to: usize, factor: v128): void {
  for (let d: usize = 0; d < rowBytes; d += 64) {
    const c0 = f32x4.mul(factor, v128.load(inputChange + d));
    const c1 = f32x4.mul(factor, v128.load(inputChange + d, 16));
    const c2 = f32x4.mul(factor, v128.load(inputChange + d, 32));
    const c3 = f32x4.mul(factor, v128.load(inputChange + d, 48));
    for (let context = from; context < to; context += 4) {
      if (context === centre) continue;
      const row = vectors + load<u32>(context) + d;
      v128.store(row, f32x4.add(v128.load(row), c0));
      v128.store(row, f32x4.add(v128.load(row, 16), c1), 16);
      v128.store(row, f32x4.add(v128.load(row, 32), c2), 32);
      v128.store(row, f32x4.add(v128.load(row, 48), c3), 48);
    }
  }
}

/** The centre and its negatives, then the centre again up to a multiple of six. */
function drawTargets(centre: u32, learningRate: f32): void {
  store<u32>(targetRows, centre);
  store<f32>(targetRates, learningRate);
  const end: usize = (1 + <usize>negative) << 2;
  for (let at: usize = 4; at < end; at += 4) {
    const row = nextNegative();
    store<u32>(targetRows + at, row);
    store<f32>(targetRates + at, row === centre ? 0 : -learningRate);
  }
  const paddedEnd = targetCount << 2;
  for (let at = end; at < paddedEnd; at += 4) store<u32>(targetRows + at, centre);
}

let batchAt: usize = 0;
let batchIsUsed: bool = false;

/** Every batch of negatives is used twice: the second time, sessions later, its rows are still in the cache. */
function nextNegative(): u32 {
  if (batchAt === 0) {
    if (!batchIsUsed) drawBatch();
    batchIsUsed = !batchIsUsed;
  }
  const row = load<u32>(batch + batchAt);
  batchAt += 4;
  if (batchAt === batchBytes) batchAt = 0;
  return row;
}

function drawBatch(): void {
  for (let at: usize = 0; at < batchBytes; at += 4) store<u32>(batch + at, drawNegative());
  for (let at: usize = 0; at < batchBytes; at += 4) fetch(load<u32>(batch + at));
}

/** From the part's alias table: slot = bits · slots / 2³², and the remainder decides between slot and alias. */
function drawNegative(): u32 {
  const scaled = <u64>nextBits() * <u64>partSize;
  const slot = <u32>(scaled >> 32);
  const entry = partSlots + ((<usize>slot) << 3);
  const alias = load<u32>(entry, 4);
  // slot or alias without a branch, which would be guessed wrong every other time.
  const drawn = alias ^ ((slot ^ alias) & (0 - u32(<u32>scaled < load<u32>(entry))));
  const rows = select<usize>(replicas, partRows, drawn < replicaCount);
  return <u32>(rows + <usize>drawn * rowBytes);
}

/** Reads a word of each cache line of a row: WebAssembly has no other prefetch. Many at once wait for memory together. */
function fetch(row: usize): void {
  let read: u32 = 0;
  for (let d: usize = 0; d < rowBytes; d += 64) read ^= load<u32>(row + d);
  fetched = read;
}

/**
 * Moves the targets' rows, and writes to `output` the row `base` plus what is to be added to h: base = output = h
 * for skip-gram. h stays as it is until the last target.
 */
function trainTargets(h: usize, base: usize, output: usize): void {
  const end = targetCount << 2;
  let from = base;
  for (let at: usize = 0; at < end; at += 24) {
    trainSix(targetRows + at, targetRates + at, h, from, at + 24 < end ? inputChange : output);
    from = inputChange;
  }
}

/** Six targets at once: h is loaded once for six products, whose sums do not wait for each other. */
function trainSix(targets: usize, rates: usize, h: usize, from: usize, to: usize): void {
  const t0: usize = load<u32>(targets);
  const t1: usize = load<u32>(targets, 4);
  const t2: usize = load<u32>(targets, 8);
  const t3: usize = load<u32>(targets, 12);
  const t4: usize = load<u32>(targets, 16);
  const t5: usize = load<u32>(targets, 20);
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let s4 = s0;
  let s5 = s0;
  const size = usedBytes;
  for (let d: usize = 0; d < size; d += 16) {
    const x = v128.load(h + d);
    s0 = madd(x, v128.load(t0 + d), s0);
    s1 = madd(x, v128.load(t1 + d), s1);
    s2 = madd(x, v128.load(t2 + d), s2);
    s3 = madd(x, v128.load(t3 + d), s3);
    s4 = madd(x, v128.load(t4 + d), s4);
    s5 = madd(x, v128.load(t5 + d), s5);
  }

  const first = errorsOf(sumsOfFour(s0, s1, s2, s3), v128.load(rates));
  const second = errorsOf(sumsOfTwo(s4, s5), v128.load(rates, 16));
  const e0 = f32x4.shuffle(first, first, 0, 0, 0, 0);
  const e1 = f32x4.shuffle(first, first, 1, 1, 1, 1);
  const e2 = f32x4.shuffle(first, first, 2, 2, 2, 2);
  const e3 = f32x4.shuffle(first, first, 3, 3, 3, 3);
  const e4 = f32x4.shuffle(second, second, 0, 0, 0, 0);
  const e5 = f32x4.shuffle(second, second, 1, 1, 1, 1);

  for (let d: usize = 0; d < size; d += 16) {
    const x = v128.load(h + d);
    let sum = v128.load(from + d);
    let u = v128.load(t0 + d);
    sum = madd(e0, u, sum);
    v128.store(t0 + d, madd(e0, x, u));
    u = v128.load(t1 + d);
    sum = madd(e1, u, sum);
    v128.store(t1 + d, madd(e1, x, u));
    u = v128.load(t2 + d);
    sum = madd(e2, u, sum);
    v128.store(t2 + d, madd(e2, x, u));
    u = v128.load(t3 + d);
    sum = madd(e3, u, sum);
    v128.store(t3 + d, madd(e3, x, u));
    u = v128.load(t4 + d);
    sum = madd(e4, u, sum);
    v128.store(t4 + d, madd(e4, x, u));
    u = v128.load(t5 + d);
    sum = madd(e5, u, sum);
    v128.store(t5 + d, madd(e5, x, u));
    v128.store(to + d, sum);
  }
}

/** rate · σ(∓ h · u): what pulls the centre towards h and pushes a negative away. Zero where the product is outside (−6, 6). */
function errorsOf(products: v128, rates: v128): v128 {
  const errors = logistic(products, rates, logisticConstants);
  return v128.and(errors, f32x4.lt(f32x4.abs(products), f32x4.splat(LARGEST_PRODUCT)));
}
