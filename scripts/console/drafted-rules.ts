import { InputError } from '../../engine/errors.ts';
import { checkRules } from '../../engine/rules/check-rules.ts';
import { readHandwrittenJson } from '../../engine/rules/handwritten-json.ts';
import { ProductWorld } from '../../engine/rules/product-world.ts';
import { readRules } from '../../engine/rules/read-rules.ts';
import { RulesEngine } from '../../engine/rules/rules-engine.ts';
import type { Rule, RulesFile } from '../../engine/rules/rules-file.ts';
import type { ApiServices } from '../../lambdas/recommend/api-services.ts';

const MOUNTED = /^\/console\/drafts\/([\w-]+)(\/v1\/.*)$/s;
const DRAFT = 'the draft';
/** What a rule of a draft may leave out. */
const UNSIGNED = { author: DRAFT, note: DRAFT };
/** A draft that leaves nothing to show does so in every placement. */
const MOST_SAID = 10;

/**
 * The whole API under rules that somebody is still at, at `/console/drafts/<draft>/v1/…`: base64url of the JSON of a rule, or of
 * a list of them. One with the id of a live rule stands in its place, others apply after the live ones; nothing of them is
 * kept.
 */
export function draftsMountedAt(services: ApiServices) {
  return (path: string): { path: string; services: ApiServices } | undefined => {
    const [, encoded, ownPath] = MOUNTED.exec(path) ?? [];
    if (encoded === undefined) return undefined;
    const text = Buffer.from(encoded, 'base64url').toString();
    return { path: ownPath, services: { ...services, rules: underDraft(services, text) } };
  };
}

function underDraft({ rules, nowMs }: ApiServices, text: string): ApiServices['rules'] {
  return {
    async current(model, catalogue) {
      const live = (await rules.current(model, catalogue))?.file ?? { timeZone: 'UTC', placements: {}, rules: [] };
      const { rules: drafted } = readDraftedRules(text);
      const world = new ProductWorld(model.index, catalogue);
      refuseWrong(drafted, live, world, nowMs());
      const file = { ...live, rules: withDrafted(live.rules, drafted) };
      const publication = { version: 'draft', publishedAt: new Date(nowMs()).toISOString(), ...UNSIGNED, effect: null };
      return { version: publication.version, file: { ...file, publication }, engine: new RulesEngine(file, world) };
    },
  };
}

/** @throws InputError with a line for each fault. */
function readDraftedRules(text: string): RulesFile {
  const { value: json, repeated } = readHandwrittenJson(text, DRAFT);
  if (repeated.length > 0) {
    throw new InputError(`${DRAFT} has ${JSON.stringify(repeated[0].path.at(-1))} twice: only the last would count.`);
  }
  const rules = [json].flat().map((rule, i) => ({ id: `draft-${i + 1}`, ...UNSIGNED, ...(rule as object) }));
  return readRules(JSON.stringify({ rules }), DRAFT);
}

function withDrafted(live: readonly Rule[], drafted: readonly Rule[]): Rule[] {
  const ownOf = new Map(drafted.map((rule) => [rule.id, rule]));
  const known = new Set(live.map(({ id }) => id));
  return [...live.map((rule) => ownOf.get(rule.id) ?? rule), ...drafted.filter(({ id }) => !known.has(id))];
}

/** Of the live file a draft may name the placements; what they hold is not the draft's fault. */
function refuseWrong(rules: Rule[], { timeZone, placements }: RulesFile, world: ProductWorld, nowMs: number): void {
  const named = Object.fromEntries(Object.keys(placements).map((name) => [name, {}]));
  const findings = checkRules({ timeZone, placements: named, rules }, world, nowMs);
  const errors = findings.filter(({ level }) => level === 'error').slice(0, MOST_SAID);
  if (errors.length === 0) return;
  throw new InputError(errors.map(({ where, message }) => `${where}: ${message}`).join('\n'));
}
