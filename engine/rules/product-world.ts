import { type Catalogue, type Field, valuesAt } from '../catalogue/catalogue.ts';
import { passingRows } from '../catalogue/compile-filter.ts';
import { type Filter, ownFieldsOf } from '../catalogue/filter.ts';
import type { JoinedCatalogue } from '../catalogue/join.ts';
import { variantGroups } from '../catalogue/variants.ts';
import { InputError } from '../errors.ts';
import { Bitset } from '../numeric/bitset.ts';
import { requireAnswerable } from './filter-conditions.ts';
import type { Selection } from './rules-file.ts';

/** The products that rules speak of, by number: the model's, and those of the catalogue that it does not know. */
export class ProductWorld {
  readonly #joined: JoinedCatalogue | undefined;
  readonly #numberOf: Pick<ReadonlyMap<string, number>, 'get' | 'size'>;
  readonly #modelProducts: number;
  readonly size: number;

  constructor(
    index: { numberOf: Pick<ReadonlyMap<string, number>, 'get' | 'size'> },
    joined: JoinedCatalogue | undefined,
  ) {
    this.#joined = joined;
    this.#numberOf = joined?.catalogue.rowOf ?? index.numberOf;
    this.#modelProducts = index.numberOf.size;
    this.size = this.#numberOf.size;
  }

  numberOf(productId: string): number | undefined {
    return this.#numberOf.get(productId);
  }

  /** Of the catalogue; none where there is no catalogue. */
  get fields(): ReadonlyMap<string, Field> {
    return this.#joined?.catalogue.fields ?? new Map();
  }

  /** Whether of two products at most one is shown in a list. */
  areVariants(a: number, b: number): boolean {
    const groups = this.#joined && variantGroups(this.#joined);
    return groups !== undefined && groups[a] === groups[b] && groups[a] >= 0;
  }

  /** Whether the catalogue alone knows it. */
  isNew(product: number): boolean {
    return product >= this.#modelProducts;
  }

  /** @throws InputError when the catalogue has no such field, or there is no catalogue. */
  field(name: string): Field {
    const field = this.#requireCatalogue().fields.get(name);
    if (field !== undefined) return field;
    const known = [...this.#requireCatalogue().fields.keys()].join(', ');
    throw new InputError(`The catalogue has no field ${JSON.stringify(name)}; it has ${known}.`);
  }

  /**
   * @param query the query product, for its own values. Unknown ids are passed over.
   * @throws InputError when the catalogue cannot answer the filter, or there is none.
   */
  select(selection: Selection, query: number | undefined): Bitset {
    if ('filter' in selection) return passingRows(this.#requireCatalogue(), selection.filter, query);
    const products = new Bitset(this.size);
    for (const id of selection.ids) {
      const product = this.numberOf(id);
      if (product !== undefined) products.add(product);
    }
    return products;
  }

  /** @throws InputError where `select` cannot answer, or could not for some query product. */
  requireAnswerable(selection: Selection): void {
    if (!('filter' in selection)) return;
    this.select(selection, undefined);
    requireAnswerable(selection.filter, this.fields);
  }

  /** Whether the query product has each of its own values that the filter asks for. */
  answersFor(filter: Filter, query: number | undefined): boolean {
    return ownFieldsOf(filter).every(
      (name) => query !== undefined && query < this.size && valuesAt(this.field(name), query).length > 0,
    );
  }

  #requireCatalogue(): Catalogue {
    if (this.#joined !== undefined) return this.#joined.catalogue;
    throw new InputError('There is no catalogue to filter by: load a feed first (npm run catalogue -- FEED).');
  }
}
