import { ownFieldsOf } from '../catalogue/filter.ts';
import { InputError } from '../errors.ts';
import type { Bitset } from '../numeric/bitset.ts';
import type { SpreadLimit } from '../ranking/arrange.ts';
import type { ProductWorld } from './product-world.ts';
import { type Rule, type RulesFile, validityOf } from './rules-file.ts';

export type RuleOf<Type extends Rule['type']> = Extract<Rule, { type: Type }>;
type SelectingRule = RuleOf<'require' | 'exclude' | 'boost' | 'bury'>;

/** Products of rules that use the query product's own values, of so many query products: 25 kB each at 200,000 products. */
const MOST_KEPT = 200;

/** A rule with its products looked up. */
export class CompiledRule<R extends Rule = Rule> {
  readonly rule: R;
  readonly #world: ProductWorld;
  readonly #validity: { fromMs: number; untilMs: number };
  readonly #when: Bitset | undefined;
  readonly #usesQuery: boolean;
  /** Of the query product, or of none where the rule does not use it. */
  readonly #products = new Map<number | undefined, Bitset>();

  /** @throws InputError when the catalogue cannot answer what the rule asks of it. */
  constructor(rule: R, timeZone: string, world: ProductWorld) {
    this.rule = rule;
    this.#world = world;
    this.#validity = validityOf(rule, timeZone);
    // What is wrong with a rule shows when it is loaded, not when it is asked.
    if (rule.when !== undefined) world.requireAnswerable(rule.when);
    if (selects(rule)) world.requireAnswerable(rule.products);
    this.#when = rule.when === undefined ? undefined : world.select(rule.when, undefined);
    this.#usesQuery = selects(rule) && 'filter' in rule.products && ownFieldsOf(rule.products.filter).length > 0;
    if (rule.type === 'diversify') spreadLimitOf(rule, world);
  }

  /** @param query the query product. A rule that asks for a value of it that it does not have does not apply. */
  appliesTo(query: number | undefined, nowMs: number): boolean {
    const { fromMs, untilMs } = this.#validity;
    if (nowMs < fromMs || nowMs >= untilMs) return false;
    if (this.#when !== undefined && (query === undefined || !this.#when.has(query))) return false;
    if (!this.#usesQuery) return true;
    const { products } = this.rule as SelectingRule;
    return 'filter' in products && this.#world.answersFor(products.filter, query);
  }

  /** Of a rule that selects products. Not to be changed. */
  products(query: number | undefined): Bitset {
    const key = this.#usesQuery ? query : undefined;
    let products = this.#products.get(key);
    if (products === undefined) {
      if (this.#products.size === MOST_KEPT) this.#products.delete(this.#products.keys().next().value);
      products = this.#world.select((this.rule as SelectingRule).products, key);
      this.#products.set(key, products);
    }
    return products;
  }

  /** Names what `products` depends on, beside the rule. */
  productsKey(query: number | undefined): string {
    return `${this.rule.id}${this.#usesQuery ? `@${query}` : ''}`;
  }
}

function selects(rule: Rule): rule is SelectingRule {
  return 'products' in rule;
}

/** @throws InputError when the catalogue has no such field, or products cannot be told apart by it. */
export function spreadLimitOf({ field: name, most, first }: RuleOf<'diversify'>, world: ProductWorld): SpreadLimit {
  const field = world.field(name);
  if (field.type === 'text') {
    throw new InputError(
      `The catalogue's field ${JSON.stringify(name)} is only shown: hardly two products share a value.`,
    );
  }
  if (field.type === 'number') {
    const { values } = field;
    return { most, first, groupsOf: (product) => (Number.isNaN(values[product]) ? [] : [values[product]]) };
  }
  const { codes, offsets } = field;
  return { most, first, groupsOf: (product) => codes.subarray(offsets[product], offsets[product + 1]) };
}

/** Whether a rule is meant for a placement; undefined: for answers that name none. */
export function concerns(rule: Rule, placement: string | undefined, { placements }: RulesFile): boolean {
  if (placement === undefined) return rule.placements === undefined;
  const isWanted = placements[placement].rules?.includes(rule.id) ?? true;
  return isWanted && (rule.placements?.includes(placement) ?? true);
}
