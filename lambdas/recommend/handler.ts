import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import middy from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { readConfiguration } from '../shared/configuration.ts';
import { answerEvent } from '../shared/http/answer-event.ts';
import { logger, metrics } from '../shared/observability.ts';
import { randomId } from '../shared/random-id.ts';
import { openArtifactStore } from '../shared/store/open-artifact-store.ts';
import { AnswerMetrics } from './answer-metrics.ts';
import { api } from './api.ts';
import type { ApiServices } from './api-services.ts';
import { CatalogueCache } from './catalogue-cache.ts';
import { MAX_SEED } from './fields.ts';
import { liveData } from './live-data.ts';
import { LOAD_PATIENCE_MS, ModelCache } from './model-cache.ts';
import { RulesCache } from './rules-cache.ts';

const store = await openArtifactStore(readConfiguration().storeUri);

const patience = () => sleep(LOAD_PATIENCE_MS, undefined, { ref: false });

const models = new ModelCache({
  store,
  nowMs: Date.now,
  patience,
  onFailure(error) {
    logger.error('The published model cannot be loaded; an older one keeps answering if there is one', { error });
    // At once rather than at the end of an invocation: a load may fail between two.
    metrics.singleMetric().addMetric('ModelLoadFailure', MetricUnit.Count, 1);
  },
});

const catalogues = new CatalogueCache({
  store,
  nowMs: Date.now,
  patience,
  onFailure(error) {
    logger.error('The catalogue cannot be loaded; an older one keeps answering if there is one', { error });
    // One alarm for both: ten cost as much as an idle stack may.
    metrics.singleMetric().addMetric('ModelLoadFailure', MetricUnit.Count, 1);
  },
});

const answerMetrics = new AnswerMetrics(metrics, Date.now);

const rules = new RulesCache({
  store,
  nowMs: Date.now,
  patience,
  onFailure(error) {
    logger.error('Rules cannot be loaded or applied; the others, or those before them, stay in force', { error });
    metrics.singleMetric().addMetric('RulesLoadFailure', MetricUnit.Count, 1);
  },
});

const services: ApiServices = {
  models,
  catalogues,
  rules,
  store,
  nowMs: Date.now,
  newId: randomId,
  newSeed: () => randomInt(MAX_SEED),
  onRecommended: (answer) => answerMetrics.add(answer),
  onFault: (error, apiRequestId) => logger.error('The request failed', { error, apiRequestId }),
};

// Before the first request: an instance starts with more CPU than a small function has later.
await liveData(services).catch(() => undefined);

// Lambda's own report of a start is not logged: see `infra/functions/functions.ts`.
logger.info('Started', { sinceStartMs: Math.round(performance.now()) });

export const handler = middy<APIGatewayProxyEventV2>()
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .handler(async (event) => {
    const response = await answerEvent(api, withoutConsolePrefix(event), services);
    answerMetrics.publishIfDue();
    return response;
  });

/** A hosted console asks below `/console`: there API Gateway lets in who has signed in for it, to the same routes. */
function withoutConsolePrefix(event: APIGatewayProxyEventV2): APIGatewayProxyEventV2 {
  return event.rawPath.startsWith('/console/v1/')
    ? { ...event, rawPath: event.rawPath.slice('/console'.length) }
    : event;
}
