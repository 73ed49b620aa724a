import * as z from 'zod';
import { passingRows } from '../../../engine/catalogue/compile-filter.ts';
import { searchProducts } from '../../../engine/catalogue/search-products.ts';
import { NotFoundError } from '../../../engine/errors.ts';
import type { ServingIndex } from '../../../engine/serving-index/serving-index.ts';
import { boolean, cursor, fromText, integer, nextCursor, repeatable } from '../../shared/http/fields.ts';
import { pageOf } from '../../shared/http/paging.ts';
import { quote } from '../../shared/http/problem.ts';
import { defineRoute } from '../api-services.ts';
import { catalogueVersion, fieldName, filterText, modelVersion, productId } from '../fields.ts';
import { type LiveData, liveData, requireCatalogue } from '../live-data.ts';
import { findProduct } from '../product-lookup.ts';
import { readFilterFor } from '../read-filter.ts';
import { FIELDS_LIMIT, fieldsOfProduct, readFields, shownFields } from '../shown-fields.ts';

const productSummary = z
  .object({
    productId,
    clusterNo: z.int().min(0).nullable().describe('null for a product viewed too seldom to have a vector'),
    views: z.int().min(0).describe('in the sessions that the model learned from, immediate repeats counted once'),
    popularityRank: z.int().min(1).describe('1 is the most viewed'),
    fields: shownFields.optional(),
  })
  .meta({ id: 'ProductSummary' });

/** A product that somebody types is found by its first letters, long before this. */
const LONGEST_SEARCH = 200;
const searchError = `text of 1 to ${LONGEST_SEARCH} characters`;
const fieldsDescription = 'fields of the catalogue to show with each product, such as `title`, `price`; `*` is all';

export const listProducts = defineRoute({
  method: 'GET',
  path: '/v1/products',
  summary: 'The products that the model knows, most viewed first; some of them by text or filter',
  query: z.strictObject({
    limit: fromText(integer(1, 1_000)).default(100),
    cursor: cursor.optional(),
    query: z
      .string({ error: searchError })
      .min(1, { error: searchError })
      .max(LONGEST_SEARCH, { error: searchError })
      .optional()
      .describe('words that all stand in the id or the title; the best matches come first'),
    filter: filterText.optional().describe('only products that pass, such as `brand:Acme AND price<20`'),
    fields: repeatable(fieldName, FIELDS_LIMIT).default([]).describe(fieldsDescription),
  }),
  answer: z
    .object({
      modelVersion,
      catalogueVersion: catalogueVersion.optional(),
      productCount: z.int().min(0).describe('products that the model knows'),
      matchCount: z.int().min(0).optional().describe('with `query` or `filter` only: products on all pages'),
      items: z.array(productSummary),
      nextCursor,
    })
    .meta({ id: 'ProductPage' }),
  problems: ['no-catalogue', 'no-model'],
  caching: {},
  async handle({ query }, services) {
    const data = await liveData(services);
    const { model, catalogue } = data;
    const { version, index } = model;
    const names = readFields(data, query.fields, 'query');
    const matching = matchingProducts(data, query);
    // Pages of a search never mix two: the cursor holds what was asked.
    const asked = [version, catalogue?.catalogue.version, query.query, query.filter];
    const listVersion = matching === undefined ? version : JSON.stringify(asked);
    const length = matching?.length ?? index.productIds.length;
    return {
      modelVersion: version,
      ...(catalogue !== undefined && { catalogueVersion: catalogue.catalogue.version }),
      productCount: index.productIds.length,
      ...(matching !== undefined && { matchCount: length }),
      ...pageOf(listVersion, length, query, (i) => summaryOf(data, matching?.[i] ?? i, names)),
    };
  },
});

export const getProduct = defineRoute({
  method: 'GET',
  path: '/v1/products/{productId+}',
  summary: 'One product: its cluster, its popularity, what the catalogue says, and its vector on request',
  parameters: z.object({ productId: productId.describe('percent-encoded; encode an id with `?` or `%` twice') }),
  query: z.strictObject({
    vector: fromText(boolean).default(false).describe('include the Word2Vec vector'),
    fields: repeatable(fieldName, FIELDS_LIMIT).default([]).describe('of the catalogue; all when left out'),
  }),
  answer: productSummary
    .extend({
      modelVersion,
      catalogueVersion: catalogueVersion.optional(),
      vector: z.array(z.number()).nullable().optional().describe('null for a product without one'),
    })
    .meta({ id: 'Product' }),
  problems: ['not-found', 'no-catalogue', 'no-model'],
  caching: {},
  async handle({ parameters, query }, services) {
    const data = await liveData(services);
    const { model, catalogue } = data;
    const product = findProduct(model.index.numberOf, parameters.productId);
    if (product === undefined) throw unknownProduct(data, parameters.productId);
    const all = catalogue === undefined ? [] : [...catalogue.catalogue.fields.keys()];
    const names = query.fields.length === 0 ? all : readFields(data, query.fields, 'query');
    return {
      ...summaryOf(data, product, names),
      modelVersion: model.version,
      ...(catalogue !== undefined && { catalogueVersion: catalogue.catalogue.version }),
      ...(query.vector && { vector: vectorOf(model.index, product) }),
    };
  },
});

function unknownProduct({ model, catalogue }: LiveData, id: string): NotFoundError {
  const isListed = catalogue !== undefined && findProduct(catalogue.catalogue.rowOf, id) !== undefined;
  return new NotFoundError(
    `Model ${model.version} has no product ${quote(id)}${isListed ? ', though the catalogue lists it: no one had viewed it when the model was trained' : ''}; GET /v1/products lists all.`,
  );
}

/** @returns numbers of products; undefined: all of them, as they stand. */
function matchingProducts(
  data: LiveData,
  { query, filter }: { query?: string; filter?: string },
): number[] | undefined {
  const { productIds } = data.model.index;
  if (query === undefined && filter === undefined) return undefined;
  const found =
    query === undefined ? [...productIds.keys()] : searchProducts(productIds, data.catalogue?.catalogue, query);
  if (filter === undefined) return found;
  const catalogue = requireCatalogue(data, 'filter');
  const passing = passingRows(catalogue.catalogue, readFilterFor(catalogue, filter, 'query'), undefined);
  return found.filter((product) => passing.has(product));
}

function summaryOf(
  { model: { index }, catalogue }: LiveData,
  product: number,
  fields: readonly string[],
): z.output<typeof productSummary> {
  return {
    productId: index.productIds[product],
    clusterNo: product < index.clusterOf.length ? index.clusterOf[product] : null,
    views: index.viewCounts[product],
    popularityRank: product + 1,
    ...(fields.length > 0 && { fields: fieldsOfProduct(catalogue!, fields, product) }),
  };
}

function vectorOf({ vectors, dimensions, clusterOf }: ServingIndex, product: number): number[] | null {
  return product < clusterOf.length
    ? Array.from(vectors.subarray(product * dimensions, (product + 1) * dimensions))
    : null;
}
