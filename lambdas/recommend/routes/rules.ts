import * as z from 'zod';
import { formatFilter } from '../../../engine/catalogue/format-filter.ts';
import { RULE_TYPES, type Rule, type Selection, validityOf } from '../../../engine/rules/rules-file.ts';
import { defineRoute } from '../api-services.ts';
import { strategy } from '../fields.ts';

const selection = z.union([z.string(), z.array(z.string())]).describe('a filter, or ids of products');

export const getRules = defineRoute({
  method: 'GET',
  path: '/v1/rules',
  summary: 'The published placements and rules, and which of them are in force',
  answer: z
    .object({
      rulesVersion: z.string().nullable().describe('null while no rules are published'),
      publication: z
        .object({
          publishedAt: z.string().describe('ISO 8601, UTC'),
          author: z.string(),
          note: z.string(),
          effect: z
            .record(z.string(), z.unknown())
            .nullable()
            .describe('what they were expected to change when they were published: see docs/merchandising.md'),
          notMeasured: z.string().optional().describe('why there is no effect'),
        })
        .nullable(),
      timeZone: z.string().describe('of from and until'),
      placements: z.array(
        z
          .object({
            name: z.string(),
            strategy: strategy.optional(),
            count: z.int().optional(),
            filter: z.string().optional(),
            relax: z.array(z.string()).optional(),
            rules: z.array(z.string()).optional().describe('ids of the rules that apply here; all when left out'),
            fault: z.string().nullable().describe('why its filter is not applied'),
          })
          .meta({ id: 'Placement' }),
      ),
      rules: z.array(
        z
          .looseObject({
            id: z.string(),
            type: z.enum(RULE_TYPES),
            author: z.string(),
            note: z.string(),
            products: selection.optional(),
            when: selection.optional(),
            state: z
              .enum(['active', 'upcoming', 'expired'])
              .describe('by its from and until alone: an active rule is in force unless it has a fault'),
            fault: z
              .string()
              .nullable()
              .describe('why it is not in force, whatever its state; null where it can be applied'),
          })
          .describe('a rule as its author wrote it, filters in their text form')
          .meta({ id: 'Rule' }),
      ),
    })
    .meta({ id: 'Rules' }),
  problems: ['no-model'],
  async handle(_input, services) {
    const model = await services.models.current();
    const live = await services.rules.current(model, await services.catalogues.current(model));
    if (live === undefined) {
      return { rulesVersion: null, publication: null, timeZone: 'UTC', placements: [], rules: [] };
    }
    const { file, engine, version } = live;
    const { version: _, ...publication } = file.publication;
    return {
      rulesVersion: version,
      publication,
      timeZone: file.timeZone,
      placements: Object.entries(file.placements).map(([name, { filter, ...placement }]) => ({
        name,
        ...placement,
        ...(filter !== undefined && { filter: formatFilter(filter) }),
        fault: engine.faults.find(({ placement: faulty }) => faulty === name)?.reason ?? null,
      })),
      rules: file.rules.map((rule) => ({
        ...asWritten(rule),
        state: stateOf(rule, file.timeZone, services.nowMs()),
        fault: engine.faults.find(({ rule: faulty }) => faulty === rule.id)?.reason ?? null,
      })),
    };
  },
});

function asWritten(rule: Rule) {
  const { when, products, ...others } = { products: undefined, ...rule };
  return {
    ...others,
    ...(products !== undefined && { products: textOf(products) }),
    ...(when !== undefined && { when: textOf(when) }),
  };
}

function textOf(selection: Selection): string | string[] {
  return 'filter' in selection ? formatFilter(selection.filter) : [...selection.ids];
}

function stateOf(rule: Rule, timeZone: string, nowMs: number): 'active' | 'upcoming' | 'expired' {
  const { fromMs, untilMs } = validityOf(rule, timeZone);
  if (nowMs < fromMs) return 'upcoming';
  return nowMs < untilMs ? 'active' : 'expired';
}
