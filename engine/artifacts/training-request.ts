import * as z from 'zod';
import { InputError } from '../errors.ts';
import { columnsOf } from './click-formats.ts';
import {
  columnsSchema,
  columnsShape,
  faultOfColumns,
  faultOfCondition,
  faultOfTimeFormat,
  namesColumns,
  readingShape,
  saysAll,
} from './click-source.ts';
import { allowed, faultLines, unknownNames } from './request-faults.ts';

/** gensim's settings under gensim's names, then K-Means's under scikit-learn's or common names. */
export const SETTING_SHAPE = {
  sg: z.union([z.literal(0), z.literal(1)], { error: '1 or 0' }).describe('1 skip-gram, 0 CBOW'),
  vector_size: z.int().min(1).max(1024).describe('dimensions of the product vectors'),
  window: z.int().min(1).max(1000).describe('largest distance between a product and its context, in views'),
  shrink_windows: z.boolean().describe('draw each window uniformly from 1…window, as word2vec.c does'),
  direction: z
    .enum(['both', 'forward'])
    .describe('views that are the context of a product: those before and after it, or only those before it'),
  negative: z.int().min(1).max(1000).describe('negative samples per positive'),
  ns_exponent: z.number().min(-5).max(5).describe('negatives are drawn by views to this power'),
  sample: z.number().min(0).max(1).describe('threshold above which frequent products are sub-sampled; 0 is off'),
  epochs: z.int().min(1).max(10_000).describe('times that Word2Vec goes over all sequences'),
  alpha: z.number().positive().max(10).describe('initial learning rate'),
  min_alpha: z.number().min(0).max(10).describe('learning rate at the end of the linear decay'),
  min_count: z.int().min(1).describe('products with fewer views get no vector'),
  cbow_mean: z
    .union([z.literal(0), z.literal(1)], { error: '1 or 0' })
    .describe('CBOW: 1 mean of the context vectors, 0 their sum'),
  workers: z.int().min(1).max(64).describe('training threads, from 128 products on; one is reproducible to the bit'),
  k: z
    .union([z.int().min(1), z.literal('auto')], { error: 'a whole number from 1 on, or "auto"' })
    .describe(
      'number of product clusters; auto: the one of the highest silhouette, of those with 300 products in a cluster at most on average',
    ),
  max_iter: z.int().min(1).describe('K-Means iterations at most'),
  tol: z.number().min(0).describe('K-Means stops when no centroid moves further than this'),
  backtest: z.boolean().describe('try candidate settings and measure the winner on held-out sessions before training'),
  question: z
    .enum(['view', 'purchase'])
    .describe(
      'what models are measured and chosen by: what is viewed next, or which products a session goes on to buy',
    ),
  trending_half_life_days: z
    .number()
    .positive()
    .max(3650)
    .describe(
      'strategy `trending`: a view counts half after so many days; without times, after a twentieth of the sessions',
    ),
  max_trials: z.int().min(1).max(8).describe('candidate settings to try, the own ones included'),
  search_seconds: z
    .number()
    .min(0)
    .describe(
      'the own settings aside, a candidate is tried when its training is expected to take no longer, on one thread',
    ),
  seed: z.int().min(0).max(0xffff_ffff).describe('of everything that is drawn at random'),
  max_rejected_share: z.number().min(0).max(1).describe('the run fails when a larger share of rows is refused'),
  unreadable_files: z
    .enum(['fail', 'skip'])
    .describe('skip: a file that cannot be read is left out, named in quarantine.json, and told once'),
};

const settingsSchema = z.strictObject(SETTING_SHAPE, {
  error: unknownNames('setting', SETTING_SHAPE),
});
export type TrainingSettings = z.infer<typeof settingsSchema>;

const LAYER: TrainingSettings = {
  sg: 0,
  vector_size: 10,
  window: 5,
  shrink_windows: true,
  direction: 'both',
  negative: 5,
  ns_exponent: 0.75,
  sample: 1e-3,
  epochs: 5,
  alpha: 0.025,
  min_alpha: 0.0001,
  min_count: 1,
  cbow_mean: 1,
  workers: 1,
  k: 10,
  max_iter: 300,
  tol: 1e-4,
  backtest: false,
  question: 'view',
  trending_half_life_days: 7,
  max_trials: 1,
  search_seconds: 0,
  seed: 1,
  max_rejected_share: 0.01,
  unreadable_files: 'fail',
};

/**
 * As an artifact of this release or an older one holds them: a setting that the file is too old to have is the seed's,
 * which is what training did before there was a choice.
 */
export const storedSettingsSchema = z
  .object(SETTING_SHAPE)
  .partial()
  .transform((stored): TrainingSettings => ({ ...LAYER, ...stored }));

/** `layer` is the seed's own settings; `tuned` is what the product ships as default. */
export const PRESETS = {
  layer: LAYER,
  tuned: {
    ...LAYER,
    sg: 1,
    vector_size: 32,
    k: 'auto',
    epochs: 20,
    sample: 0,
    negative: 10,
    backtest: true,
    max_trials: 5,
    search_seconds: 150,
  },
} as const satisfies Record<string, TrainingSettings>;

const requestShape = {
  /**
   * Keys, prefixes or globs in the artifact store, or URIs (`s3://…`, `file:///…`) of them elsewhere. Several are one
   * clickstream.
   */
  source: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)], {
    error: 'a key, a prefix, a glob or a URI, or a list of them',
  }),
  ...readingShape,
  preset: z.enum(['layer', 'tuned']).default('tuned'),
  /** On top of the preset. */
  settings: settingsSchema.partial().default({}),
  /** Go live whatever the gate says. It stands in the report. */
  force: z.boolean().default(false),
};
const trainingRequestSchema = z
  .strictObject(requestShape, { error: unknownNames('field', requestShape) })
  .superRefine(({ format, columns, where = [] }, context) => {
    const refuse = (path: PropertyKey[], message: string) =>
      context.addIssue({ code: 'custom', path, message, params: { isSentence: true } });
    for (const [i, condition] of where.entries()) {
      const message = faultOfCondition(condition);
      if (message !== undefined) refuse(['where', i], message);
    }
    const faultOfFormat = faultOfTimeFormat(columns.timeFormat ?? '');
    if (faultOfFormat !== undefined) {
      refuse(['columns', 'timeFormat'], faultOfFormat);
    }
    // Of the columns that are missing here the header tells, which nobody has seen yet.
    if (!saysAll(format, columns)) return;
    const fault = faultOfColumns(columnsOf(format, columns));
    if (fault !== undefined) refuse(['columns', fault.column], fault.message);
  });
/** As `request.json` and the manifest hold it. */
export const storedRequestSchema = z.object({
  ...requestShape,
  columns: z.object(columnsShape),
  settings: z.object(SETTING_SHAPE).partial(),
});
export type TrainingRequest = z.infer<typeof trainingRequestSchema>;

export function resolveSettings(request: Pick<TrainingRequest, 'preset' | 'settings'>): TrainingSettings {
  return settingsSchema.parse({ ...PRESETS[request.preset], ...request.settings });
}

/**
 * A run's own request on top of the deployment's: what a run does not say is the deployment's to say. Settings merge one
 * by one. So do columns, unless the run names all that it takes, or a format: the rest of another layout must not stay
 * beside them.
 */
export function mergeTrainingRequests(
  defaults: Record<string, unknown>,
  given: Record<string, unknown>,
): Record<string, unknown> {
  const columns = columnsSchema.safeParse(given['columns']);
  const isComplete = columns.success && namesColumns(columns.data) && faultOfColumns(columns.data) === undefined;
  const isAnotherLayout = isComplete || given['format'] !== undefined;
  const kept = Object.entries(defaults).filter(
    ([name]) => !(isAnotherLayout && ['format', 'columns', 'where', 'names'].includes(name)),
  );
  const merged: Record<string, unknown> = { ...Object.fromEntries(kept), ...given };
  for (const name of ['columns', 'settings'] as const) {
    if (name === 'columns' && isAnotherLayout) continue;
    if (isObject(defaults[name]) && isObject(given[name])) merged[name] = { ...defaults[name], ...given[name] };
  }
  return merged;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws InputError naming each field that is wrong, what was found and what is allowed. */
export function parseTrainingRequest(request: unknown): TrainingRequest {
  const parsed = trainingRequestSchema.safeParse(request, { reportInput: true, error: allowed });
  if (parsed.success) return parsed.data;
  throw new InputError(`The training request is not valid:\n${faultLines(parsed.error).join('\n')}`);
}
