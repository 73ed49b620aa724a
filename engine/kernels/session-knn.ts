/**
 * Session-kNN: finds the past sessions of viewed products, and adds up what the nearest of them hold, in AssemblyScript.
 * `engine/ranking/session-knn-kernel.ts` lays out the memory and sets the globals by name. Pointers are in bytes.
 */

// biome-ignore-start lint/style/useConst: the host sets these globals by name.
/** (views) uint32: the products of all past sessions. */
export let views: usize = 0;
/** (views) float32, what each view counts; 0 where all count 1. */
export let weights: usize = 0;
/** (sessions + 1) uint32: session s has the views [offsets[s], offsets[s + 1]). */
export let offsets: usize = 0;
/** (occurrences) uint32: of each view of a product its session and its place in `views`, newest session first. */
export let occurrenceSessions: usize = 0;
export let occurrencePositions: usize = 0;
/** (occurrences) float64: what a session's similarity is multiplied by. */
export let occurrenceFactors: usize = 0;
/** So many sessions of a product are looked at. */
export let mostSessions: i32 = 0;
/** Views on either side of the match that are looked at. */
export let reach: u32 = 0;

/** (sessions) uint16: where each session stands among those found, from 1; all 0 outside of a question. */
export let places: usize = 0;
/** (most found) uint32, float64, float64, uint32, uint32: the sessions that are found, in the order they come. */
export let foundSessions: usize = 0;
export let similarities: usize = 0;
export let foundFactors: usize = 0;
export let foundSteps: usize = 0;
export let foundPositions: usize = 0;
export let foundCount: u32 = 0;
/** (neighbours) uint32: which of those that are found are the nearest. */
export let chosen: usize = 0;
/** (steps) float64: what a session counts whose newest match is so many products back. */
export let matchShares: usize = 0;

/** (products) uint32: where each stands among those scored, from 1; all 0 outside of a call. */
export let productPlaces: usize = 0;
/** (products) float64: what the score of each is multiplied by. */
export let productFactors: usize = 0;
/** (products + 1) 16 bytes: the score as float64, and as uint32 the product and the stamp of the list that was added last. */
export let cells: usize = 0;
let stamp: u32 = 0;
/** (products) uint32, float64: what is scored, in the order it comes. */
export let scoredProducts: usize = 0;
export let scores: usize = 0;
/** What `fetch` read: of no use but that a compiler must not leave out the reading. */
export let fetched: u32 = 0;
// biome-ignore-end lint/style/useConst: the host sets these globals by name.

const CACHE_LINE_BYTES: usize = 64;
const NO_SESSION: u32 = 0xffff_ffff;

/**
 * Looks at a viewed product's occurrences [from, to).
 *
 * @param step so many different products back. @param weight what a session with it is more similar by.
 */
export function find(step: u32, from: u32, to: u32, weight: f64): void {
  let previous = NO_SESSION;
  let left = mostSessions;
  for (let o: usize = from; o < to; o++) {
    const session = load<u32>(occurrenceSessions + (o << 2));
    if (session === previous) continue;
    if (left-- === 0) break;
    previous = session;
    const placeAt = places + ((<usize>session) << 1);
    const place: usize = load<u16>(placeAt);
    if (place > 0) {
      const at = similarities + ((place - 1) << 3);
      store<f64>(at, load<f64>(at) + weight);
      continue;
    }
    const n: usize = foundCount;
    store<u32>(foundSessions + (n << 2), session);
    store<f64>(similarities + (n << 3), weight);
    store<f64>(foundFactors + (n << 3), load<f64>(occurrenceFactors + (o << 3)));
    store<u32>(foundSteps + (n << 2), step);
    store<u32>(foundPositions + (n << 2), load<u32>(occurrencePositions + (o << 2)));
    store<u16>(placeAt, <u16>++foundCount);
  }
}

/** Takes the whole similarity of each session that was found, and forgets them. @returns how many they are. */
export function settle(): u32 {
  const count = foundCount;
  for (let n: usize = 0; n < count; n++) {
    store<u16>(places + ((<usize>load<u32>(foundSessions + (n << 2))) << 1), 0);
    const at = similarities + (n << 3);
    store<f64>(at, load<f64>(at) * load<f64>(foundFactors + (n << 3)));
  }
  foundCount = 0;
  return count;
}

/**
 * Adds what the chosen sessions hold.
 *
 * @param backwardShare what a product counts that a session viewed before the match. @returns how many products are scored.
 */
export function add(chosenCount: u32, backwardShare: f64): u32 {
  fetch(chosenCount);
  let size: u32 = 0;
  for (let c: usize = 0; c < chosenCount; c++) {
    const n: usize = load<u32>(chosen + (c << 2));
    const share = load<f64>(matchShares + ((<usize>load<u32>(foundSteps + (n << 2))) << 3));
    const weight = load<f64>(similarities + (n << 3)) * share;
    if (weight === 0) continue;
    const from = startOf(n);
    const to = endOf(n);
    if (backwardShare === 1) size = addOnceEach(from, to, weight, size);
    else {
      const position = load<u32>(foundPositions + (n << 2));
      size = addOnceEach(position, to, weight, size);
      size = addOnceEach(from, position, weight * backwardShare, size);
    }
  }
  for (let i: usize = 0; i < size; i++) {
    const cell = cells + (i << 4);
    const product = load<u32>(cell, 8);
    store<u32>(scoredProducts + (i << 2), product);
    store<f64>(scores + (i << 3), load<f64>(cell) * load<f64>(productFactors + ((<usize>product) << 3)));
    store<u32>(productPlaces + ((<usize>product) << 2), 0);
    store<f64>(cell, 0);
  }
  return size;
}

/** The views of the n-th session that was found, as far as they are looked at: [startOf, endOf). */
function startOf(n: usize): u32 {
  const start = load<u32>(offsets + ((<usize>load<u32>(foundSessions + (n << 2))) << 2));
  const position = load<u32>(foundPositions + (n << 2));
  return position - start > reach ? position - reach : start;
}

function endOf(n: usize): u32 {
  const end = load<u32>(offsets + ((<usize>load<u32>(foundSessions + (n << 2))) << 2), 4);
  return min(end, load<u32>(foundPositions + (n << 2)) + reach + 1);
}

/**
 * Reads a view of each cache line that `add` is about to read. They lie all over memory: read one after another, with nothing
 * to do in between, many are on their way at once.
 */
function fetch(chosenCount: u32): void {
  let any: u32 = 0;
  for (let c: usize = 0; c < chosenCount; c++) {
    const n: usize = load<u32>(chosen + (c << 2));
    const last = views + ((<usize>endOf(n) - 1) << 2);
    for (let view = views + ((<usize>startOf(n)) << 2); view < last; view += CACHE_LINE_BYTES) any ^= load<u32>(view);
    any ^= load<u32>(last);
  }
  fetched = any;
}

/**
 * Adds the same score to each product of the views [from, to), once to each: by the weight of its first view there.
 *
 * Without a branch: whether a product is new to the scores, or stands in the list again, is as good as random, and a
 * branch that a CPU cannot foresee takes as long as ten additions.
 *
 * @param size so many products are scored. @returns how many are then.
 */
function addOnceEach(from: u32, to: u32, score: f64, size: u32): u32 {
  // After 2³² lists a stamp comes again. By then its cell has been written by others.
  const list = ++stamp;
  const weightsBehind = weights - views;
  const end = views + ((<usize>to) << 2);
  for (let view = views + ((<usize>from) << 2); view < end; view += 4) {
    const product = load<u32>(view);
    const placeAt = productPlaces + ((<usize>product) << 2);
    const known = load<u32>(placeAt);
    const isNew = known === 0;
    const place = isNew ? size : known - 1;
    const cell = cells + ((<usize>place) << 4);
    const isAgain = <u32>!isNew & <u32>(load<u32>(cell, 12) === list);
    const added = weights === 0 ? score : score * load<f32>(view + weightsBehind);
    store<u32>(placeAt, place + 1);
    store<f64>(cell, load<f64>(cell) + (isAgain ? 0 : added));
    store<u32>(cell, product, 8);
    store<u32>(cell, list, 12);
    size += <u32>isNew;
  }
  return size;
}
