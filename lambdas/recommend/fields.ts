import * as z from 'zod';
import { STRATEGIES } from '../../engine/serving-index/strategy.ts';

/** Fields that several routes share. `error` is what the field allows: it ends the sentence "allowed is …". */

export const productId = z
  .string({ error: 'a product id: text of at least one character' })
  .min(1, { error: 'a product id: text of at least one character' });

export const MAX_COUNT = 100;
export const DEFAULT_COUNT = 5;
export const MAX_SEED = 0xffff_ffff;

export const strategy = z
  .enum(STRATEGIES, { error: `one of ${STRATEGIES.join(', ')}` })
  .describe("how to recommend; the model's default when left out");

export const modelVersion = z.string().describe('the run whose model answered');
export const catalogueVersion = z
  .string()
  .describe('the load of the feed that the answer goes by; left out without a catalogue');

/** As in Google Merchant Center's feeds, and the catalogue's own: `GET /v1/catalogue` lists them. */
export const fieldName = z.string({ error: 'the name of a field' }).min(1, { error: 'the name of a field' });

export const filterError = 'a filter such as availability:in_stock AND price<=20';
export const filterText = z.string({ error: filterError }).min(1, { error: filterError });
