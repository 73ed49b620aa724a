import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { api } from '../../lambdas/recommend/api.ts';
import type { ApiServices, RecommendationFigures } from '../../lambdas/recommend/api-services.ts';
import { CatalogueCache } from '../../lambdas/recommend/catalogue-cache.ts';
import { ModelCache } from '../../lambdas/recommend/model-cache.ts';
import { RulesCache } from '../../lambdas/recommend/rules-cache.ts';
import { answerEvent } from '../../lambdas/shared/http/answer-event.ts';
import type { ApiCall } from './api-calls.ts';
import { MemoryArtifactStore } from './memory-artifact-store.ts';
import { PUBLISHED_AT, publish } from './published-model.ts';

/** Ten minutes after the sample model was published. */
const NOW_MS = Date.parse(PUBLISHED_AT) + 600_000;

export interface RequestOptions {
  query?: string;
  headers?: Record<string, string>;
  body?: string;
  isBase64Encoded?: boolean;
}

/** The API over a store in memory, with fixed ids and time. */
export class ApiFixture {
  readonly store = new MemoryArtifactStore();
  readonly faults: unknown[] = [];
  readonly recommended: RecommendationFigures[] = [];
  readonly services: ApiServices;
  nowMs = NOW_MS;
  #ids = 0;
  #seeds = 0;

  constructor() {
    const nowMs = () => this.nowMs;
    const onFault = (error: unknown) => this.faults.push(error);
    const cacheOptions = { store: this.store, nowMs, patience: () => new Promise(() => {}), onFailure: onFault };
    this.services = {
      models: new ModelCache(cacheOptions),
      catalogues: new CatalogueCache(cacheOptions),
      rules: new RulesCache(cacheOptions),
      store: this.store,
      nowMs,
      newId: () => `id-${++this.#ids}`,
      newSeed: () => ++this.#seeds,
      onRecommended: (figures) => this.recommended.push(figures),
      onFault,
    };
  }

  static async published(runId = 'run-1'): Promise<ApiFixture> {
    const api = new ApiFixture();
    await publish(api.store, runId);
    return api;
  }

  async request(method: string, rawPath: string, options: RequestOptions = {}) {
    const response = await answerEvent(api, eventOf(method, rawPath, options), this.services);
    return { ...response, json: response.body === '' ? undefined : JSON.parse(response.body) };
  }

  get(rawPath: string, query = '') {
    return this.request('GET', rawPath, { query });
  }

  call({ method, path, query, body }: ApiCall) {
    return method === 'GET' ? this.get(path, query) : this.post(path, body, query);
  }

  post(rawPath: string, body: unknown, query = '') {
    return this.request('POST', rawPath, {
      query,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }
}

/** What API Gateway sends to Lambda, payload format 2.0. */
export function eventOf(method: string, rawPath: string, options: RequestOptions = {}): APIGatewayProxyEventV2 {
  const { query = '', headers = {}, body, isBase64Encoded = false } = options;
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString: query,
    headers,
    requestContext: {
      accountId: '000000000000',
      apiId: 'test',
      domainName: 'test',
      domainPrefix: 'test',
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: '' },
      requestId: 'request-1',
      routeKey: '$default',
      stage: '$default',
      time: '23/Nov/2026:10:00:00 +0000',
      timeEpoch: NOW_MS,
    },
    ...(body !== undefined && { body }),
    isBase64Encoded,
  };
}
