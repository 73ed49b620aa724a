import {
  type ArrivingContainer,
  type Container,
  finiteSectionOf,
  hasSection,
  inconsistent,
  type Section,
  sectionOf,
} from '../artifacts/binary-container.ts';
import { isPartition } from '../artifacts/section-checks.ts';
import { type ArraySpace, copyInto, float32, uint32 } from '../numeric/array-space.ts';
import { KERNEL_SPACE } from '../numeric/kernel-space.ts';
import {
  type CodedNumbers,
  fromCodedNumbers,
  fromScaledRows,
  fromShortFloats,
  isWholeCode,
  toCodedNumbers,
  toScaledRows,
  toShortFloats,
} from './compact-numbers.ts';
import type { PastSessions } from './past-sessions.ts';
import type { ProductPairs } from './product-pairs.ts';

/**
 * How the large parts of an index stand in its file since version 3: half as many bytes as in memory, and decoded at about
 * a nanosecond a number. What decodes them also sees that no number leads out of an array.
 */

/** Products whose numbers are the same but for their lowest 16 bits. */
const BLOCK = 0x1_0000;
/** Of an exponent of short floats, so that the largest is finite. */
const MOST_EXPONENT = 223;

const CUT = 'a statistic of the product pairs is cut';

type Meta = Record<string, unknown>;
interface Parts {
  meta: Meta;
  sections: Record<string, Section>;
}

export function compactPairs(pairs: ProductPairs): Parts {
  const following = toShortFloats(pairs.following);
  const nearby = toShortFloats(pairs.nearby);
  return {
    meta: { pairFollowingExponent: following.exponent, pairNearbyExponent: nearby.exponent },
    sections: {
      pairBlocks: blocksOf(pairs),
      pairProductsLow: Uint16Array.from(pairs.products),
      ...codedSections('pairNext', pairs.next),
      ...codedSections('pairTogether', pairs.together),
      pairFollowingShort: following.codes,
      pairNearbyShort: nearby.codes,
    },
  };
}

/** In the order of the file. @yields how many bytes of the file must be there to go on. */
export function* readCompactPairs(
  container: ArrivingContainer,
  productCount: number,
  space: ArraySpace,
): Generator<number, ProductPairs, void> {
  yield container.endOf('pairBlocks', 'pairProductsLow');
  const low = sectionOf(container, 'pairProductsLow', Uint16Array);
  const parts = sectionOf(container, 'pairBlocks', Uint32Array);
  const blocks = Math.ceil(productCount / BLOCK);
  if (!isPartition(parts, productCount * blocks, low.length)) {
    throw inconsistent(container, 'the rows of product pairs do not fit together');
  }
  const offsets = uint32(space, productCount + 1);
  const products = uint32(space, low.length);
  let highest = 0;
  for (let product = 0; product < productCount; product++) {
    for (let block = 0; block < blocks; block++) {
      const part = product * blocks + block;
      for (let i = parts[part]; i < parts[part + 1]; i++) {
        const other = block * BLOCK + low[i];
        products[i] = other;
        if (other > highest) highest = other;
      }
    }
    offsets[product + 1] = parts[(product + 1) * blocks];
  }
  if (low.length > 0 && highest >= productCount) {
    throw inconsistent(container, 'a product pair names a product that is not there');
  }
  yield container.endOf(...codedNames('pairNext'));
  const next = readCoded(container, 'pairNext', low.length, CUT, space);
  yield container.endOf(...codedNames('pairTogether'));
  // Few answers need it, and a cold start does not wait for it.
  const coded = copyOfCoded(codedOf(container, 'pairTogether', low.length, CUT));
  let together: Float32Array | undefined;
  yield container.endOf('pairFollowingShort');
  const following = readShort(container, 'pairFollowing', low.length, space);
  yield container.endOf('pairNearbyShort');
  const nearby = readShort(container, 'pairNearby', low.length, space);
  return {
    offsets,
    products,
    next,
    following,
    get together() {
      together ??= fromCodedNumbers(coded, float32(space, coded.codes.length));
      return together;
    },
    nearby,
  };
}

/** (products · blocks + 1) where each row's pairs with the products of each block start: they are ascending. */
function blocksOf({ offsets, products }: ProductPairs): Uint32Array {
  const productCount = offsets.length - 1;
  const blocks = Math.ceil(productCount / BLOCK);
  const parts = new Uint32Array(productCount * blocks + 1);
  for (let product = 0; product < productCount; product++) {
    let i = offsets[product];
    for (let block = 0; block < blocks; block++) {
      while (i < offsets[product + 1] && products[i] < (block + 1) * BLOCK) i++;
      parts[product * blocks + block + 1] = i;
    }
  }
  return parts;
}

export function compactPastSessions(past: PastSessions): Record<string, Section> {
  return {
    sessionOffsets: past.offsets,
    ...splitSections('sessionViews', past.views),
    sessionRecency: past.recency,
    occurrenceOffsets: past.occurrenceOffsets,
    ...splitSections('occurrences', past.occurrences),
    inverseFrequency: past.inverseFrequency,
    ...(past.weights !== undefined && codedSections('sessionWeights', past.weights)),
  };
}

/** In the order of the file. @yields how many bytes of the file must be there to go on. */
export function* readCompactPastSessions(
  container: ArrivingContainer,
  productCount: number,
  space: ArraySpace,
): Generator<number, PastSessions, void> {
  yield container.endOf('sessionOffsets', 'sessionViewsLow', 'sessionViewsHigh', 'sessionRecency', 'occurrenceOffsets');
  const offsets = copyInto(space, sectionOf(container, 'sessionOffsets', Uint32Array));
  const recency = copyInto(space, finiteSectionOf(container, 'sessionRecency', Float32Array));
  const occurrenceOffsets = copyInto(space, sectionOf(container, 'occurrenceOffsets', Uint32Array));
  const unknown = 'a past session names a product that is not there';
  const views = readSplit(container, 'sessionViews', productCount, unknown, KERNEL_SPACE);
  if (!isPartition(offsets, recency.length, views.length)) {
    throw inconsistent(container, 'the past sessions do not fit together');
  }
  yield container.endOf('occurrencesLow', 'occurrencesHigh', 'inverseFrequency', ...codedNames('sessionWeights'));
  const inverseFrequency = copyInto(space, finiteSectionOf(container, 'inverseFrequency', Float32Array));
  const beyond = 'a product names a past view that is not there';
  const occurrences = readSplit(container, 'occurrences', views.length, beyond, space);
  if (!isPartition(occurrenceOffsets, productCount, occurrences.length)) {
    throw inconsistent(container, "the products' past views do not fit together");
  }
  if (inverseFrequency.length !== productCount) throw inconsistent(container, 'the inverse frequencies are cut');
  const weights = hasSection(container, 'sessionWeightsCodes')
    ? { weights: readCoded(container, 'sessionWeights', views.length, 'the weights of past views are cut', space) }
    : {};
  const sessionOf = sessionOfEachView(offsets, views.length, space);
  return { offsets, views, sessionOf, recency, occurrenceOffsets, occurrences, inverseFrequency, ...weights };
}

function sessionOfEachView(offsets: Uint32Array, viewCount: number, space: ArraySpace): Uint32Array {
  const sessionOf = uint32(space, viewCount);
  for (let session = 0; session + 1 < offsets.length; session++) {
    // `fill` takes longer than a short session does.
    for (let view = offsets[session]; view < offsets[session + 1]; view++) sessionOf[view] = session;
  }
  return sessionOf;
}

export function compactRows(name: string, rows: Float32Array, columns: number): Record<string, Section> {
  const { codes, exponents } = toScaledRows(rows, columns);
  return { [`${name}Codes`]: new Uint16Array(codes.buffer), [`${name}Exponents`]: exponents };
}

export function readCompactRows(container: Container, name: string, columns: number, space: ArraySpace): Float32Array {
  const stored = sectionOf(container, `${name}Codes`, Uint16Array);
  const codes = new Int16Array(stored.buffer, stored.byteOffset, stored.length);
  const exponents = sectionOf(container, `${name}Exponents`, Int8Array);
  if (codes.length !== exponents.length * columns) {
    throw inconsistent(container, `${name} are not (${exponents.length}, ${columns})`);
  }
  return fromScaledRows({ codes, exponents }, float32(space, codes.length));
}

function codedNames(name: string): string[] {
  return [`${name}Codes`, `${name}Values`, `${name}Rest`];
}

function codedSections(name: string, numbers: Float32Array): Record<string, Section> {
  const { codes, values, rest } = toCodedNumbers(numbers);
  return { [`${name}Codes`]: codes, [`${name}Values`]: values, [`${name}Rest`]: rest };
}

function readCoded(container: Container, name: string, length: number, fault: string, space: ArraySpace): Float32Array {
  return fromCodedNumbers(codedOf(container, name, length, fault), float32(space, length));
}

/** As they stand in the file. @throws ArtifactError when a number would have no value. */
function codedOf(container: Container, name: string, length: number, fault: string): CodedNumbers {
  const codes = sectionOf(container, `${name}Codes`, Uint8Array);
  const values = finiteSectionOf(container, `${name}Values`, Float32Array);
  const rest = finiteSectionOf(container, `${name}Rest`, Float32Array);
  const numbers = { codes, values, rest };
  if (codes.length !== length || !isWholeCode(numbers)) throw inconsistent(container, fault);
  return numbers;
}

/** So that the file can go. */
function copyOfCoded({ codes, values, rest }: CodedNumbers): CodedNumbers {
  return { codes: codes.slice(), values: values.slice(), rest: rest.slice() };
}

function readShort(container: Container, name: string, length: number, space: ArraySpace): Float32Array {
  const codes = sectionOf(container, `${name}Short`, Uint16Array);
  const exponent = container.meta[`${name}Exponent`] as number;
  if (codes.length !== length) throw inconsistent(container, CUT);
  if (!Number.isInteger(exponent) || exponent < 0 || exponent > MOST_EXPONENT) {
    throw inconsistent(container, `${name}Exponent is ${exponent}`);
  }
  return fromShortFloats({ codes, exponent }, float32(space, length));
}

/** The lowest 16 bits of each number, and the rest where any has one. */
function splitSections(name: string, numbers: Uint32Array): Record<string, Section> {
  const low = { [`${name}Low`]: Uint16Array.from(numbers) };
  const greatest = numbers.reduce((most, number) => Math.max(most, number), 0);
  if (greatest < BLOCK) return low;
  const high = greatest < BLOCK * 0x100 ? new Uint8Array(numbers.length) : new Uint16Array(numbers.length);
  for (let i = 0; i < numbers.length; i++) high[i] = numbers[i] >>> 16;
  return { ...low, [`${name}High`]: high };
}

/** @param bound what every number is below. */
function readSplit(container: Container, name: string, bound: number, fault: string, space: ArraySpace): Uint32Array {
  const low = sectionOf(container, `${name}Low`, Uint16Array);
  const numbers = uint32(space, low.length);
  let greatest = 0;
  if (hasSection(container, `${name}High`)) {
    const high = container.sections[`${name}High`];
    if (!(high instanceof Uint8Array || high instanceof Uint16Array) || high.length !== low.length) {
      throw inconsistent(container, `${name}High are not of ${name}Low`);
    }
    for (let i = 0; i < low.length; i++) {
      const number = low[i] + high[i] * BLOCK;
      numbers[i] = number;
      if (number > greatest) greatest = number;
    }
  } else {
    for (let i = 0; i < low.length; i++) {
      numbers[i] = low[i];
      if (low[i] > greatest) greatest = low[i];
    }
  }
  if (low.length > 0 && greatest >= bound) throw inconsistent(container, fault);
  return numbers;
}
