import * as z from 'zod';
import { NotFoundError } from '../../../engine/errors.ts';
import type { ServingIndex } from '../../../engine/serving-index/serving-index.ts';
import { boolean, cursor, fromText, integer, nextCursor } from '../../shared/http/fields.ts';
import { pageOf } from '../../shared/http/paging.ts';
import { quote } from '../../shared/http/problem.ts';
import { defineRoute } from '../api-services.ts';
import { modelVersion, productId } from '../fields.ts';
import { findProduct } from '../product-lookup.ts';

const productSummary = z
  .object({
    productId,
    clusterNo: z.int().min(0).nullable().describe('null for a product viewed too seldom to have a vector'),
    views: z.int().min(0).describe('in the sessions that the model learned from, immediate repeats counted once'),
    popularityRank: z.int().min(1).describe('1 is the most viewed'),
  })
  .meta({ id: 'ProductSummary' });

export const listProducts = defineRoute({
  method: 'GET',
  path: '/v1/products',
  summary: 'The catalogue that the model knows, most viewed first',
  query: z.strictObject({ limit: fromText(integer(1, 1_000)).default(100), cursor: cursor.optional() }),
  answer: z
    .object({ modelVersion, productCount: z.int().min(0), items: z.array(productSummary), nextCursor })
    .meta({ id: 'ProductPage' }),
  problems: ['no-model'],
  caching: {},
  async handle({ query }, services) {
    const { version, index } = await services.models.current();
    const productCount = index.productIds.length;
    return { modelVersion: version, productCount, ...pageOf(version, productCount, query, (p) => summaryOf(index, p)) };
  },
});

export const getProduct = defineRoute({
  method: 'GET',
  path: '/v1/products/{productId+}',
  summary: 'One product: its cluster, its popularity, and its vector on request',
  parameters: z.object({ productId: productId.describe('percent-encoded; encode an id with `?` or `%` twice') }),
  query: z.strictObject({ vector: fromText(boolean).default(false).describe('include the Word2Vec vector') }),
  answer: productSummary
    .extend({
      modelVersion,
      vector: z.array(z.number()).nullable().optional().describe('null for a product without one'),
    })
    .meta({ id: 'Product' }),
  problems: ['not-found', 'no-model'],
  caching: {},
  async handle({ parameters, query }, services) {
    const { version, index } = await services.models.current();
    const product = findProduct(index.numberOf, parameters.productId);
    if (product === undefined) {
      throw new NotFoundError(
        `Model ${version} has no product ${quote(parameters.productId)}; GET /v1/products lists all.`,
      );
    }
    return {
      ...summaryOf(index, product),
      modelVersion: version,
      ...(query.vector && { vector: vectorOf(index, product) }),
    };
  },
});

function summaryOf(index: ServingIndex, product: number): z.output<typeof productSummary> {
  return {
    productId: index.productIds[product],
    clusterNo: product < index.clusterOf.length ? index.clusterOf[product] : null,
    views: index.viewCounts[product],
    popularityRank: product + 1,
  };
}

function vectorOf({ vectors, dimensions, clusterOf }: ServingIndex, product: number): number[] | null {
  return product < clusterOf.length
    ? Array.from(vectors.subarray(product * dimensions, (product + 1) * dimensions))
    : null;
}
