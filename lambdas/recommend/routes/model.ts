import * as z from 'zod';
import { artifactKey } from '../../../engine/artifacts/artifact-keys.ts';
import { STRATEGIES } from '../../../engine/serving-index/strategy.ts';
import { readJsonIfSound } from '../../shared/store/json-artifact.ts';
import { type ApiServices, defineRoute } from '../api-services.ts';
import { catalogueAge, catalogueFacts } from '../catalogue-facts.ts';
import { modelVersion, strategy } from '../fields.ts';
import { liveData } from '../live-data.ts';
import { type LiveModel, modelAgeSeconds } from '../model-cache.ts';

const publishedAt = z
  .string()
  .nullable()
  .describe('ISO 8601, UTC; null while the previous run stands in for a broken one');
const age = z.number().min(0).nullable().describe('since its publication');
const document = z.record(z.string(), z.unknown()).nullable();

export const getModel = defineRoute({
  method: 'GET',
  path: '/v1/model',
  summary: 'What is live, its metrics and its lineage',
  answer: z
    .object({
      modelVersion,
      publishedAt,
      modelAgeSeconds: age,
      productCount: z.int().describe('products it knows'),
      embeddedCount: z.int().describe('of these, products with a vector'),
      dimensions: z.int(),
      clusterCount: z.int(),
      defaultStrategy: strategy,
      strategies: z.array(strategy),
      catalogue: catalogueFacts.nullable().describe('null while none is live'),
      manifest: document.describe("the run's lineage: inputs, settings, seed, code version, timings, counts"),
      report: document.describe("the run's metrics and the gate's verdict"),
    })
    .meta({ id: 'Model' }),
  problems: ['no-model'],
  async handle(_input, services) {
    const { model, catalogue } = await liveData(services);
    const { version, publishedAt, index } = model;
    return {
      modelVersion: version,
      publishedAt,
      modelAgeSeconds: modelAgeSeconds(model, services.nowMs()),
      productCount: index.productIds.length,
      embeddedCount: index.clusterOf.length,
      dimensions: index.dimensions,
      clusterCount: index.clusterOffsets.length - 1,
      defaultStrategy: index.defaultStrategy,
      strategies: [...STRATEGIES],
      catalogue: catalogue === undefined ? null : catalogueAge(catalogue, services.nowMs()),
      ...(await documentsOf(model, services)),
    };
  },
});

export const getHealth = defineRoute({
  method: 'GET',
  path: '/v1/health',
  summary: 'Liveness and the age of the model',
  answer: z
    .object({
      status: z
        .enum(['ok', 'degraded'])
        .describe('degraded: an older model answers, since the published one cannot be read'),
      modelVersion,
      publishedAt,
      modelAgeSeconds: age,
    })
    .meta({ id: 'Health' }),
  problems: ['no-model'],
  async handle(_input, services) {
    const model = await services.models.current();
    return {
      status: model.failure === undefined ? ('ok' as const) : ('degraded' as const),
      modelVersion: model.version,
      publishedAt: model.publishedAt,
      modelAgeSeconds: modelAgeSeconds(model, services.nowMs()),
    };
  },
});

type Documents = Record<'manifest' | 'report', Record<string, unknown> | null>;

/** Read when first asked for and kept as long as the model; one that is still to be written is looked for again. */
const documents = new WeakMap<LiveModel['index'], Documents>();
async function documentsOf({ version, index }: LiveModel, { store, onFault }: ApiServices): Promise<Documents> {
  const known = documents.get(index);
  if (known !== undefined) return known;
  const read = (name: keyof Documents) => readJsonIfSound(store, artifactKey(version, name), document, onFault);
  const [manifest = null, report = null] = await Promise.all([read('manifest'), read('report')]);
  if (manifest !== null && report !== null) documents.set(index, { manifest, report });
  return { manifest, report };
}
