import { InputError } from '../errors.ts';
import { nearestName } from '../nearest-name.ts';
import { Bitset } from '../numeric/bitset.ts';
import type { ArrangedProduct, Pin, SpreadLimit } from '../ranking/arrange.ts';
import { ScoreAdjustments } from '../ranking/score-adjustments.ts';
import { CompiledRule, concerns, type RuleOf, spreadLimitOf } from './compiled-rule.ts';
import type { ProductWorld } from './product-world.ts';
import type { Placement, Rule, RulesFile } from './rules-file.ts';

/** A rule that cannot be applied: the catalogue lacks what it speaks of, or has it in another form. */
export interface RuleFault {
  /** Its id; undefined for the filter of a placement. */
  rule: string | undefined;
  placement?: string;
  reason: string;
}

/** A rule that had a hand in where an item stands. */
interface Touch {
  rule: string;
  type: Rule['type'];
}

/** What rules ask of one answer. */
export interface Directions {
  placement: Placement | undefined;
  /** Products that may be recommended; undefined: all. Not to be changed. */
  admitted: Bitset | undefined;
  adjustments: ScoreAdjustments | undefined;
  pins: readonly Pin[];
  /** What the pins come from, also those of products that nobody knows. */
  pinRules: readonly RuleOf<'pin'>[];
  limits: readonly SpreadLimit[];
  /** Of an item of the answer. */
  touchesOf(item: ArrangedProduct): Touch[];
  /** The first rule that keeps a product out. */
  keptOutBy(product: number): Touch | undefined;
}

/** What `admitted` and `adjustments` are made of costs more than to rank; most answers are under the same few rules. */
const MOST_KEPT = 200;

/**
 * The rules of one file over one model and one catalogue. In this order, whatever their order in the file: what may be
 * shown (require, exclude), scores (boost, bury), places (pin), spread (diversify). Among rules of one kind the order does
 * not matter, but for pins: the first for a product or a place counts.
 */
export class RulesEngine {
  readonly faults: readonly RuleFault[];
  readonly #file: RulesFile;
  readonly #world: ProductWorld;
  readonly #rules: CompiledRule[] = [];
  readonly #placements = new Map<string, Placement>();
  readonly #admitted = new Map<string, Bitset>();
  readonly #adjustments = new Map<string, ScoreAdjustments>();

  /** Rules that cannot be applied are left out and told in `faults`: the others stay in force. */
  constructor(file: RulesFile, world: ProductWorld) {
    this.#file = file;
    this.#world = world;
    const faults: RuleFault[] = [];
    for (const rule of file.rules) {
      const reason = reasonOf(() => this.#rules.push(new CompiledRule(rule, file.timeZone, world)));
      if (reason !== undefined) faults.push({ rule: rule.id, reason });
    }
    for (const [name, placement] of Object.entries(file.placements)) {
      const { filter } = placement;
      const reason = filter && reasonOf(() => world.requireAnswerable({ filter }));
      if (reason !== undefined) faults.push({ rule: undefined, placement: name, reason });
      this.#placements.set(name, reason === undefined ? placement : { ...placement, filter: undefined });
    }
    this.faults = faults;
  }

  get placementNames(): string[] {
    return [...this.#placements.keys()];
  }

  placement(name: string): Placement | undefined {
    return this.#placements.get(name);
  }

  /**
   * @param placement undefined: only rules that name no placement apply.
   * @param query the query product: the newest viewed one that is known.
   * @throws InputError when there is no such placement.
   */
  directionsFor(placement: string | undefined, query: number | undefined, nowMs: number): Directions {
    if (placement !== undefined && !this.#placements.has(placement))
      throw unknownPlacement(placement, this.#placements);
    const active = this.#rules.filter(
      (compiled) => concerns(compiled.rule, placement, this.#file) && compiled.appliesTo(query, nowMs),
    );
    const admitting = ofTypes(active, ['require', 'exclude']);
    const changing = ofTypes(active, ['boost', 'bury']);
    const pinning = ofTypes(active, ['pin']);
    const spreading = ofTypes(active, ['diversify']);
    return {
      placement: placement === undefined ? undefined : this.#placements.get(placement),
      admitted: this.#admittedBy(admitting, query),
      adjustments: this.#adjustmentsBy(changing, query),
      pins: pinning.flatMap(({ rule: { product: id, position: place } }) => {
        const product = this.#world.numberOf(id);
        return product === undefined ? [] : { product, place };
      }),
      pinRules: pinning.map(({ rule }) => rule),
      limits: spreading.map(({ rule }) => spreadLimitOf(rule, this.#world)),
      touchesOf: ({ product, source, heldBackBy }) => {
        const pins = pinning.filter(({ rule }) => this.#world.numberOf(rule.product) === product).slice(0, 1);
        // New products that are not pinned were let in by `explore`, which changes no scores.
        const changes = this.#world.isNew(product)
          ? []
          : changing.filter((compiled) => compiled.products(query).has(product));
        const touching = source === 'pinned' ? pins : changes;
        return [...touching, ...(heldBackBy === undefined ? [] : [spreading[heldBackBy]])].map(touchOf);
      },
      keptOutBy: (product) => {
        const keeping = admitting.find(
          (compiled) => compiled.products(query).has(product) === (compiled.rule.type === 'exclude'),
        );
        return keeping && touchOf(keeping);
      },
    };
  }

  #admittedBy(rules: readonly CompiledRule<RuleOf<'require' | 'exclude'>>[], query: number | undefined) {
    return kept(this.#admitted, rules, query, () => {
      const admitted = Bitset.full(this.#world.size);
      for (const compiled of rules) {
        const products = compiled.products(query);
        admitted.intersect(compiled.rule.type === 'require' ? products : products.copy().invert());
      }
      return admitted;
    });
  }

  #adjustmentsBy(rules: readonly CompiledRule<RuleOf<'boost' | 'bury'>>[], query: number | undefined) {
    return kept(
      this.#adjustments,
      rules,
      query,
      () =>
        new ScoreAdjustments(
          rules.map((compiled) => ({
            products: compiled.products(query),
            factor: compiled.rule.factor,
            add: compiled.rule.add,
          })),
        ),
    );
  }
}

/** What the same rules made of the same query the last time. */
function kept<T>(
  made: Map<string, T>,
  rules: readonly CompiledRule[],
  query: number | undefined,
  make: () => T,
): T | undefined {
  if (rules.length === 0) return undefined;
  const key = rules.map((compiled) => compiled.productsKey(query)).join(' ');
  let value = made.get(key);
  if (value === undefined) {
    if (made.size === MOST_KEPT) made.delete(made.keys().next().value!);
    value = make();
    made.set(key, value);
  }
  return value;
}

function ofTypes<T extends Rule['type']>(rules: readonly CompiledRule[], types: readonly T[]) {
  return rules.filter(({ rule }) => (types as readonly string[]).includes(rule.type)) as CompiledRule<RuleOf<T>>[];
}

function touchOf({ rule }: CompiledRule): Touch {
  return { rule: rule.id, type: rule.type };
}

function reasonOf(compile: () => unknown): string | undefined {
  try {
    compile();
    return undefined;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.message;
  }
}

function unknownPlacement(name: string, placements: ReadonlyMap<string, unknown>): InputError {
  const known = [...placements.keys()];
  const nearest = nearestName(name, known);
  const allowed =
    known.length === 0 ? 'none, since no rules with placements are published' : `one of ${known.join(', ')}`;
  const hint = nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
  return new InputError(`There is no placement ${JSON.stringify(name)}; allowed is ${allowed}.${hint}`);
}
