import type * as z from 'zod';
import type { getCatalogue } from '../../lambdas/recommend/routes/catalogue.ts';
import type { getCluster, listClusters } from '../../lambdas/recommend/routes/clusters.ts';
import type { getMap } from '../../lambdas/recommend/routes/map.ts';
import type { getHealth, getModel } from '../../lambdas/recommend/routes/model.ts';
import type { getProduct, listProducts } from '../../lambdas/recommend/routes/products.ts';
import type { recommendForProduct, recommendForSession } from '../../lambdas/recommend/routes/recommendations.ts';
import type { getRejectedRows } from '../../lambdas/recommend/routes/rejected-rows.ts';
import type { getRules } from '../../lambdas/recommend/routes/rules.ts';
import type { getRun, getRunData, getRunReport } from '../../lambdas/recommend/routes/run-details.ts';
import type { runsRoute } from '../../lambdas/recommend/routes/runs.ts';
import { API_PREFIX } from './hosting.ts';
import { ApiProblem, type RequestOptions, request } from './request.ts';

/** What a route answers, by the schema that checks its answers. Types alone come from there, no code. */
type Answer<Route extends { answer: z.ZodType }> = z.output<Route['answer']>;
type Body<Route extends { body?: z.ZodObject }> = z.input<NonNullable<Route['body']>>;
type Query<Route extends { query?: z.ZodObject }> = Partial<z.output<NonNullable<Route['query']>>>;

export type Model = Answer<typeof getModel>;
type Health = Answer<typeof getHealth>;
type ProductPage = Answer<typeof listProducts>;
type Product = Answer<typeof getProduct>;
export type Catalogue = Answer<typeof getCatalogue>;
export type ProductSummary = ProductPage['items'][number];
export type Recommendations = Answer<typeof recommendForSession>;
export type RecommendedProduct = Recommendations['items'][number];
type SessionRequest = Body<typeof recommendForSession>;
export type Strategy = Model['defaultStrategy'];
export type Rules = Answer<typeof getRules>;
export type RunDetails = Answer<typeof getRun>;
export type DataProfile = NonNullable<Answer<typeof getRunData>['profile']>;
export type RejectedRows = Answer<typeof getRejectedRows>;
type RunPage = Answer<typeof runsRoute>;
export type Run = RunPage['items'][number];
export type ClusterList = Answer<typeof listClusters>;
type Cluster = Answer<typeof getCluster>;

/**
 * The API over one model.
 *
 * @param base `API_PREFIX` for what is live; the console's own server answers over another run and under other rules.
 */
export function apiOf(base: string) {
  const get = <T>(path: string, query: object, signal?: AbortSignal) =>
    ask<T>(`${base}${path}${queryText(query)}`, { signal });
  return {
    model: (signal?: AbortSignal) => get<Model>('/v1/model', {}, signal),
    health: (signal?: AbortSignal) => get<Health>('/v1/health', {}, signal),
    products: (query: Query<typeof listProducts>, signal?: AbortSignal) =>
      get<ProductPage>('/v1/products', query, signal),
    product: (productId: string, query: Query<typeof getProduct>, signal?: AbortSignal) =>
      get<Product>(`/v1/products/${pathText(productId)}`, query, signal),
    productRecommendations: (productId: string, query: Query<typeof recommendForProduct>, signal?: AbortSignal) =>
      get<Answer<typeof recommendForProduct>>(`/v1/products/${pathText(productId)}/recommendations`, query, signal),
    sessionRecommendations: (body: SessionRequest, signal?: AbortSignal) =>
      ask<Recommendations>(`${base}/v1/recommendations`, { method: 'POST', body, signal }),
    catalogue: (query: Query<typeof getCatalogue>, signal?: AbortSignal) =>
      get<Catalogue>('/v1/catalogue', query, signal),
    rules: (signal?: AbortSignal) => get<Rules>('/v1/rules', {}, signal),
    clusters: (signal?: AbortSignal) => get<ClusterList>('/v1/clusters', {}, signal),
    cluster: (clusterNo: number, query: Query<typeof getCluster>, signal?: AbortSignal) =>
      get<Cluster>(`/v1/clusters/${clusterNo}`, query, signal),
    map: (query: Query<typeof getMap>, signal?: AbortSignal) => get<Answer<typeof getMap>>('/v1/map', query, signal),
    run: (runId: string, signal?: AbortSignal) => get<RunDetails>(`/v1/runs/${encodeURIComponent(runId)}`, {}, signal),
    runReport: (runId: string, signal?: AbortSignal) =>
      get<Answer<typeof getRunReport>>(`/v1/runs/${encodeURIComponent(runId)}/report`, {}, signal),
    runData: (runId: string, signal?: AbortSignal) =>
      get<Answer<typeof getRunData>>(`/v1/runs/${encodeURIComponent(runId)}/data`, {}, signal),
    rejectedRows: (runId: string, query: Query<typeof getRejectedRows>, signal?: AbortSignal) =>
      get<RejectedRows>(`/v1/runs/${encodeURIComponent(runId)}/rejected-rows`, query, signal),
    runs: (query: Query<typeof runsRoute>, signal?: AbortSignal) => get<RunPage>('/v1/runs', query, signal),
  };
}

export const liveApi = apiOf(API_PREFIX);

/** @param catalogueVersion undefined: the fields that were asked for are not those of the catalogue. */
type HearOfCatalogue = (catalogueVersion: string | undefined) => void;
let hearOfCatalogue: HearOfCatalogue = () => {};

/** Every answer says which catalogue it was made with: so it is noticed when another has gone live. */
export function onCatalogue(hear: HearOfCatalogue): void {
  hearOfCatalogue = hear;
}

async function ask<T>(path: string, options: RequestOptions): Promise<T> {
  try {
    const answer = await request<T & { catalogueVersion?: unknown }>(path, options);
    if (typeof answer.catalogueVersion === 'string') hearOfCatalogue(answer.catalogueVersion);
    return answer;
  } catch (error) {
    if (error instanceof ApiProblem && isAboutFields(error)) hearOfCatalogue(undefined);
    throw error;
  }
}

function isAboutFields({ status, message }: ApiProblem): boolean {
  return (status === 400 || status === 409) && /\bfields\b/.test(message);
}

/** What is live under a rule that is not published. @param rule JSON of a rule, or of a list of them. */
export function draftApi(rule: string) {
  const bytes = new TextEncoder().encode(rule);
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  return apiOf(`/console/drafts/${base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`);
}

function queryText(query: object): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    (value === undefined ? [] : [value].flat()).map((each) => `${name}=${encodeURIComponent(String(each))}`),
  );
  return given.length === 0 ? '' : `?${given.join('&')}`;
}

/** Encoded twice where a gateway would cut the id, or an address lose it: see `docs/api.md`, "Ids in paths". */
export function pathText(productId: string): string {
  if (/^\.{1,2}$/.test(productId)) return productId.replaceAll('.', '%252E');
  const once = encodeURIComponent(productId);
  return /[?%]/.test(productId) ? encodeURIComponent(once) : once;
}
