import * as z from 'zod';

export const estimateSchema = z.object({
  value: z.number(),
  /** 95 % percentile interval. */
  low: z.number(),
  high: z.number(),
});
export type Estimate = z.infer<typeof estimateSchema>;

/** How often and how high what was viewed next stood in the lists. */
export const gainsSchema = z.object({
  'HR@5': estimateSchema,
  'HR@10': estimateSchema,
  'HR@20': estimateSchema,
  'MRR@20': estimateSchema,
  'NDCG@20': estimateSchema,
});
export type Gains = z.infer<typeof gainsSchema>;

/** How good lists are and what is in them, asked in one of the two modes. */
const listQualitySchema = z.object({
  /** Mean views of the recommended over mean views of what was viewed next. */
  popularityBias: estimateSchema,
  intraListDiversity: estimateSchema,
  coverage: estimateSchema,
});
export type ListQuality = z.infer<typeof listQualitySchema>;

const servedEvaluationSchema = listQualitySchema.extend({
  /** Questions asked: next views of products that the session had not viewed before. */
  positions: z.number(),
  gains: gainsSchema,
});
export type ServedEvaluation = z.infer<typeof servedEvaluationSchema>;

/** Without `asServed`, every figure is of lists that may hold products viewed before. */
export const evaluationSchema = listQualitySchema.extend({
  /** Questions asked. */
  positions: z.number(),
  /** Share of the questions whose answer the session had viewed before. */
  repeatShare: z.number(),
  /** Every next view counts, a product viewed before as well. */
  all: gainsSchema,
  /** Only next views of products that the session had not viewed before. */
  newProducts: gainsSchema,
  /**
   * Viewed products are left out of the list, as the API does by default, so only a product not viewed before can be the
   * answer. The catalogue's stock and variants play no part: the sessions that are asked about are of another day. What is
   * judged by. Absent in files of release 0.1.0, which did not measure it.
   */
  asServed: servedEvaluationSchema.optional(),
});
export type Evaluation = z.infer<typeof evaluationSchema>;
