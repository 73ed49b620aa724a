import * as z from 'zod';
import { projectOnPrincipalComponents } from '../../../engine/numeric/principal-components.ts';
import { perIndex } from '../../../engine/ranking/per-index.ts';
import { cursor, fromText, integer, nextCursor } from '../../shared/http/fields.ts';
import { pageOf } from '../../shared/http/paging.ts';
import { defineRoute } from '../api-services.ts';
import { modelVersion, productId } from '../fields.ts';

/** An answer of API Gateway and Lambda holds 6 MB; a point takes about 40 bytes beside its id. */
const MOST_POINTS = 20_000;
/** Of the larger axis: finer than any screen, and short as text. */
const STEPS = 10_000;

export const getMap = defineRoute({
  method: 'GET',
  path: '/v1/map',
  summary: 'All products that have a vector in two dimensions (principal components), most viewed first',
  query: z.strictObject({ limit: fromText(integer(1, MOST_POINTS)).default(MOST_POINTS), cursor: cursor.optional() }),
  answer: z
    .object({
      modelVersion,
      pointCount: z.int().describe('in all pages'),
      explainedVariance: z
        .array(z.number())
        .describe('share of the whole variance along x and along y, 0 to 1: what the picture keeps of the vectors'),
      productIds: z.array(productId),
      x: z.array(z.int()).describe(`−${STEPS} to ${STEPS}, on the same scale as y; one for each of productIds`),
      y: z.array(z.int()),
      clusterNos: z.array(z.int()),
      views: z.array(z.int()),
      nextCursor,
    })
    .meta({ id: 'ProductMap' }),
  problems: ['no-model'],
  caching: {},
  async handle({ query }, services) {
    const { version, index } = await services.models.current();
    const { coordinates, explainedVariance, scale } = projectionOf(index);
    const pointCount = index.clusterOf.length;
    const { items, nextCursor } = pageOf(`${version} map`, pointCount, query, (product) => product);
    return {
      modelVersion: version,
      pointCount,
      explainedVariance,
      productIds: items.map((product) => index.productIds[product]),
      x: items.map((product) => Math.round(coordinates[2 * product] * scale)),
      y: items.map((product) => Math.round(coordinates[2 * product + 1] * scale)),
      clusterNos: items.map((product) => index.clusterOf[product]),
      views: items.map((product) => index.viewCounts[product]),
      nextCursor,
    };
  },
});

/** 200,000 vectors of 64 dimensions take about a second: made when the map is first asked for. */
const projectionOf = perIndex(({ clusterOf, dimensions, vectors }) => {
  const count = clusterOf.length;
  const { coordinates, explainedVariance } = projectOnPrincipalComponents({ count, dimensions, values: vectors });
  let largest = 0;
  for (const coordinate of coordinates) largest = Math.max(largest, Math.abs(coordinate));
  return { coordinates, explainedVariance, scale: largest === 0 ? 0 : STEPS / largest };
});
