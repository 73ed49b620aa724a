import * as z from 'zod';
import type { JoinedCatalogue } from '../../engine/catalogue/join.ts';
import { runStartMs } from '../shared/runs/run-id.ts';

/** What is said of the live catalogue in every place that speaks of it. */
export const catalogueFacts = z.object({
  catalogueVersion: z.string().describe('the load of the feed'),
  catalogueAgeSeconds: z.number().min(0).nullable().describe('since its loading; null when the version does not say'),
  productCount: z.int().min(0).describe('products of the feed'),
  modelProductCount: z.int().min(0).describe('products that the model knows'),
  listedProductCount: z.int().min(0).describe('of these, products that the feed lists'),
});

export function catalogueAge(
  { catalogue, modelProducts, listedProducts }: JoinedCatalogue,
  nowMs: number,
): z.output<typeof catalogueFacts> {
  // A load is named by its start, as a run is.
  const ageMs = nowMs - runStartMs(catalogue.version);
  return {
    catalogueVersion: catalogue.version,
    catalogueAgeSeconds: Number.isNaN(ageMs) ? null : Math.max(0, Math.round(ageMs / 1000)),
    productCount: listedProducts + catalogue.productIds.length - modelProducts,
    modelProductCount: modelProducts,
    listedProductCount: listedProducts,
  };
}
