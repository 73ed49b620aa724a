import { type Catalogue, newCatalogue } from './catalogue.ts';
import { NOT_LISTED, selectRows } from './select-rows.ts';

/**
 * A catalogue whose rows are the model's products, by their numbers; products of the feed that the model does not know
 * follow. So the bits of a filter are product numbers.
 */
export interface JoinedCatalogue {
  readonly catalogue: Catalogue;
  /** Rows [0, modelProducts) are the model's. */
  readonly modelProducts: number;
  /** Of the model's products, those that the feed lists. */
  readonly listedProducts: number;
}

/** @param modelProductIds (modelProducts) in the serving index's order. */
export function joinCatalogue(catalogue: Catalogue, modelProductIds: readonly string[]): JoinedCatalogue {
  const known = new Set(modelProductIds);
  const unknownIds = catalogue.productIds.filter((id) => !known.has(id));
  const productIds = [...modelProductIds, ...unknownIds];
  const rows = Int32Array.from(productIds, (id) => catalogue.rowOf.get(id) ?? NOT_LISTED);
  return {
    catalogue: newCatalogue(
      catalogue.version,
      productIds,
      new Map([...catalogue.fields].map(([name, field]) => [name, selectRows(field, rows)])),
    ),
    modelProducts: modelProductIds.length,
    listedProducts: rows.subarray(0, modelProductIds.length).reduce((n, row) => n + (row === NOT_LISTED ? 0 : 1), 0),
  };
}
