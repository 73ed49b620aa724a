import * as z from 'zod';
import { rulesEffectSchema } from '../evaluation/rules-effect.ts';
import { rulesFileSchema } from './rules-file.ts';

export const RULES_PREFIX = 'rules/';
export const RULES_CURRENT_KEY = `${RULES_PREFIX}current.json`;

export function rulesKey(version: string): string {
  return `${RULES_PREFIX}${version}.json`;
}

/** @returns undefined for a key that is no version's. */
export function versionOfRulesKey(key: string): string | undefined {
  if (key === RULES_CURRENT_KEY) return undefined;
  return /^rules\/([^/]+)\.json$/.exec(key)?.[1];
}

/** What `rules/current.json` holds. It moves by a conditional write, as the model's does. */
export const rulesPointerSchema = z.object({
  version: z.string().min(1),
  /** ISO 8601, UTC. */
  publishedAt: z.string().min(1),
  /** What was live before, for rollback; null: there were no rules. */
  previous: z.string().min(1).nullable(),
});
export type RulesPointer = z.infer<typeof rulesPointerSchema>;

/** Who published a file of rules, why, and what was known of its effect. */
const publicationSchema = z.object({
  version: z.string().min(1),
  /** ISO 8601, UTC. */
  publishedAt: z.string().min(1),
  author: z.string(),
  note: z.string(),
  effect: rulesEffectSchema.nullable(),
  /** Why there is no effect. */
  notMeasured: z.string().optional(),
});
export type Publication = z.infer<typeof publicationSchema>;

/** `rules/<version>.json`: what its author wrote, and its publication. */
export const publishedRulesSchema = rulesFileSchema.extend({ publication: publicationSchema });
export type PublishedRules = z.output<typeof publishedRulesSchema>;
