import { passingRows } from '../../engine/catalogue/compile-filter.ts';
import { MERCHANT_FIELDS } from '../../engine/catalogue/feed-fields.ts';
import { type Filter, fieldsOf } from '../../engine/catalogue/filter.ts';
import type { JoinedCatalogue } from '../../engine/catalogue/join.ts';
import { relaxFilter } from '../../engine/catalogue/relax-filter.ts';
import { withoutSoldOut } from '../../engine/catalogue/sold-out.ts';
import { deleteVariants } from '../../engine/catalogue/variants.ts';
import { Bitset } from '../../engine/numeric/bitset.ts';
import type { Directions } from '../../engine/rules/rules-engine.ts';
import type { Violation } from '../shared/http/problem.ts';
import { type LiveData, requireCatalogue } from './live-data.ts';
import { type FilterInput, readFilterFor, readNames } from './read-filter.ts';

/** What may be recommended, as it is asked. */
export interface AdmissionRequest {
  filter?: FilterInput | undefined;
  /** Fields whose conditions are given up, in this order, while too few products pass. */
  relax: readonly string[];
  includeUnavailable: boolean;
  /** Where these stand in the request. */
  askedIn: Violation['in'];
  /** Products by their numbers. */
  excluded: ReadonlySet<number>;
  excludeViewed: boolean;
  /** Rows of the catalogue, oldest first: also of products that only the catalogue knows. */
  viewedRows: readonly number[];
  /** What the rules say; undefined: there are none. */
  directions: Directions | undefined;
}

export interface Admission {
  /** Undefined: every product. */
  admitted: Bitset | undefined;
  /** Fields whose conditions were given up for it. */
  relaxed: readonly string[];
}

/** What may be recommended, strictest first: each step gives up the conditions on one more field. */
export function* admissionsFor(data: LiveData, asked: AdmissionRequest): Generator<Admission, undefined> {
  const { catalogue, model } = data;
  const filter = effectiveFilter(data, asked);
  const relax = relaxOf(data, asked, filter === undefined ? [] : [...fieldsOf(filter)]);
  for (let given = 0; given <= relax.length; given++) {
    const relaxed = relax.slice(0, given);
    const left = filter && relaxFilter(filter, new Set(relaxed));
    const rows = catalogue?.catalogue.productIds.length ?? model.index.productIds.length;
    yield { admitted: admittedBy(left, rows, catalogue, asked), relaxed };
  }
}

/**
 * The caller's fields, or the placement's. One that no condition asks about is passed over, since rules and catalogue may
 * have changed under a page; a name that none of them can have is refused, since it is misspelt.
 */
function relaxOf(data: LiveData, { relax, askedIn, directions }: AdmissionRequest, conditioned: readonly string[]) {
  const placed = directions?.placement?.relax ?? [];
  let asked = placed;
  if (relax.length > 0) {
    const { fields } = requireCatalogue(data, 'relax').catalogue;
    const known = new Set([...conditioned, ...fields.keys(), ...placed, ...MERCHANT_FIELDS]);
    asked = readNames('relax', relax, [...known], askedIn);
  }
  return asked.filter((field) => conditioned.includes(field));
}

/** The placement's filter, narrowed by the caller's, and unless one of them speaks of availability itself: nothing that is sold out. */
function effectiveFilter(
  data: LiveData,
  { filter, includeUnavailable, askedIn, directions }: AdmissionRequest,
): Filter | undefined {
  const own = filter === undefined ? undefined : readFilterFor(requireCatalogue(data, 'filter'), filter, askedIn);
  const placed = directions?.placement?.filter;
  const asked = own === undefined || placed === undefined ? (own ?? placed) : { and: [placed, own] };
  if (data.catalogue === undefined || includeUnavailable) return asked;
  return withoutSoldOut(asked, data.catalogue.catalogue.fields);
}

function admittedBy(
  filter: Filter | undefined,
  rows: number,
  catalogue: JoinedCatalogue | undefined,
  { excluded, excludeViewed, viewedRows, directions }: AdmissionRequest,
): Bitset | undefined {
  const ruled = directions?.admitted;
  const isFree = filter === undefined && ruled === undefined && excluded.size === 0;
  if (isFree && (catalogue === undefined || !excludeViewed)) return undefined;
  // The newest viewed product is the one whose own values the filter may ask for.
  const admitted =
    filter === undefined ? Bitset.full(rows) : passingRows(catalogue!.catalogue, filter, viewedRows.at(-1));
  if (ruled !== undefined) admitted.intersect(ruled);
  for (const product of excluded) admitted.delete(product);
  if (excludeViewed && catalogue !== undefined) {
    for (const row of new Set(viewedRows)) deleteVariants(catalogue, row, admitted);
  }
  return admitted;
}
