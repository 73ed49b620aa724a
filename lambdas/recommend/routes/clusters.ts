import * as z from 'zod';
import { NotFoundError } from '../../../engine/errors.ts';
import { clusterSummaries } from '../../../engine/ranking/cluster-summary.ts';
import { predictCluster } from '../../../engine/ranking/predict-cluster.ts';
import type { ServingIndex } from '../../../engine/serving-index/serving-index.ts';
import { cursor, fromText, integer, list, nextCursor } from '../../shared/http/fields.ts';
import { pageOf } from '../../shared/http/paging.ts';
import { quote, RequestError } from '../../shared/http/problem.ts';
import { defineRoute } from '../api-services.ts';
import { modelVersion, productId } from '../fields.ts';

const clusterNo = z.int().min(0);
const size = z.int().min(0).describe('products in it');
const cohesion = z
  .number()
  .describe("mean cosine similarity of its products' vectors to its centre, −1 to 1; higher is closer together");
const typical = z.array(productId).describe('up to 5 products, nearest to its centre first');

export const listClusters = defineRoute({
  method: 'GET',
  path: '/v1/clusters',
  summary: 'The clusters and their sizes',
  answer: z
    .object({
      modelVersion,
      items: z.array(z.object({ clusterNo, size, cohesion, typical }).meta({ id: 'ClusterSummary' })),
    })
    .meta({ id: 'ClusterList' }),
  problems: ['no-model'],
  caching: {},
  async handle(_input, services) {
    const { version, index } = await services.models.current();
    const sizes = Array.from(index.clusterOffsets.subarray(1), (end, cluster) => end - index.clusterOffsets[cluster]);
    return {
      modelVersion: version,
      items: sizes.map((size, clusterNo) => ({ clusterNo, size, ...summaryOf(index, clusterNo) })),
    };
  },
});

export const getCluster = defineRoute({
  method: 'GET',
  path: '/v1/clusters/{clusterNo}',
  summary: "One cluster's members, most viewed first",
  parameters: z.object({ clusterNo: z.string().describe('counts from 0') }),
  query: z.strictObject({ limit: fromText(integer(1, 1_000)).default(1_000), cursor: cursor.optional() }),
  answer: z
    .object({ modelVersion, clusterNo, size, cohesion, typical, members: z.array(productId), nextCursor })
    .meta({ id: 'Cluster' }),
  problems: ['not-found', 'no-model'],
  caching: {},
  async handle({ parameters, query }, services) {
    const { version, index } = await services.models.current();
    const clusterCount = index.clusterOffsets.length - 1;
    const cluster = /^(0|[1-9]\d{0,8})$/.test(parameters.clusterNo) ? Number(parameters.clusterNo) : clusterCount;
    if (cluster >= clusterCount) {
      throw new NotFoundError(
        `Model ${version} has no cluster ${quote(parameters.clusterNo)}; it has 0 to ${clusterCount - 1}.`,
      );
    }
    const start = index.clusterOffsets[cluster];
    const size = index.clusterOffsets[cluster + 1] - start;
    const { items, nextCursor } = pageOf(
      `${version} cluster ${cluster}`,
      size,
      query,
      (position) => index.productIds[index.clusterMembers[start + position]],
    );
    return {
      modelVersion: version,
      clusterNo: cluster,
      size,
      ...summaryOf(index, cluster),
      members: items,
      nextCursor,
    };
  },
});

function summaryOf(index: ServingIndex, cluster: number) {
  const { cohesion, typical } = clusterSummaries(index)[cluster];
  return { cohesion, typical: typical.map((product) => index.productIds[product]) };
}

/** The most that `vector_size` may be. */
const MAX_DIMENSIONS = 1_024;
const MAX_FLOAT32 = 3.402_823_466_385_288_6e38;
const componentError = 'a finite 32-bit number';

export const predict = defineRoute({
  method: 'POST',
  path: '/v1/clusters/predict',
  summary: "The K-Means model's predict: the cluster of a vector",
  body: z
    .strictObject(
      {
        vector: list(
          z
            .number({ error: componentError })
            .min(-MAX_FLOAT32, { error: componentError })
            .max(MAX_FLOAT32, { error: componentError }),
          MAX_DIMENSIONS,
          'a list of as many numbers as the model has dimensions',
        ),
      },
      { error: 'an object with the field "vector"' },
    )
    .meta({ id: 'PredictRequest' }),
  answer: z
    .object({ modelVersion, clusterNo, distance: z.number().describe('Euclidean, to the centroid') })
    .meta({ id: 'Prediction' }),
  problems: ['no-model'],
  async handle({ body }, services) {
    const { version, index } = await services.models.current();
    if (body.vector.length !== index.dimensions) {
      const found = `${body.vector.length} numbers`;
      const allowed = `${index.dimensions} numbers, the dimensions of model ${version}`;
      throw new RequestError('invalid-request', `"vector": found ${found}; allowed is ${allowed}.`, {
        violations: [{ in: 'body', field: 'vector', found, allowed }],
      });
    }
    const { cluster, distance } = predictCluster(index, body.vector);
    return { modelVersion: version, clusterNo: cluster, distance };
  },
});
