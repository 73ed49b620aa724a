import { ownFieldsOf } from '../catalogue/filter.ts';
import { notSoldOut } from '../catalogue/sold-out.ts';
import { InputError } from '../errors.ts';
import type { Bitset } from '../numeric/bitset.ts';
import { concerns, type RuleOf } from './compiled-rule.ts';
import type { Finding } from './finding.ts';
import type { ProductWorld } from './product-world.ts';
import { type Rule, type RulesFile, validityOf } from './rules-file.ts';

/**
 * Pins that cannot hold from now on: of an unknown product, of one that is sold out or kept out, two of one position or of
 * variants. What never applies again neither pins nor keeps out.
 */
export function checkPins(whole: RulesFile, world: ProductWorld, nowMs: number): Finding[] {
  const file = { ...whole, rules: whole.rules.filter((rule) => isToApply(rule, whole.timeZone, nowMs)) };
  const pins = file.rules.filter((rule): rule is RuleOf<'pin'> => rule.type === 'pin');
  return pins.flatMap((pin, i) => [
    ...checkProduct(pin, file, world),
    ...pins.slice(0, i).flatMap((earlier) => checkBoth(earlier, pin, file, world)),
  ]);
}

function isToApply(rule: Rule, timeZone: string, nowMs: number): boolean {
  const { fromMs, untilMs } = validityOf(rule, timeZone);
  return untilMs > nowMs && fromMs < untilMs;
}

function checkProduct(pin: RuleOf<'pin'>, file: RulesFile, world: ProductWorld): Finding[] {
  const where = `rule ${JSON.stringify(pin.id)}`;
  const product = world.numberOf(pin.product);
  if (product === undefined) {
    const message = `It pins ${JSON.stringify(pin.product)}, which neither the model nor the catalogue knows.`;
    return [{ level: 'error', where, message }];
  }
  const findings: Finding[] = [];
  for (const other of file.rules) {
    if (other.type !== 'require' && other.type !== 'exclude') continue;
    const both = placementsOfBoth(pin, other, file);
    const products = selected(other.products, world);
    if (both.length === 0 || products === undefined || products.has(product) === (other.type === 'require')) continue;
    const level = other.when === undefined && pin.when === undefined ? 'error' : 'warning';
    const message = `It pins ${JSON.stringify(pin.product)}, which rule ${JSON.stringify(other.id)} keeps out: it is not shown in ${both.join(', ')}.`;
    findings.push({ level, where, message });
  }
  const soldOutIn = namesOf(
    placesOf(file).filter((name) => concerns(pin, name, file) && isSoldOut(product, name, file, world)),
  );
  if (soldOutIn.length > 0) {
    const message = `It pins ${JSON.stringify(pin.product)}, which is sold out as the catalogue stands: it is not shown in ${soldOutIn.join(', ')}.`;
    findings.push({ level: 'warning', where, message });
  }
  for (const [name, { filter, count }] of Object.entries(file.placements)) {
    if (!concerns(pin, name, file)) continue;
    if (count !== undefined && pin.position > count) {
      const message = `Position ${pin.position} is beyond the ${count} products of placement ${JSON.stringify(name)}.`;
      findings.push({ level: 'warning', where, message });
    }
    if (filter !== undefined && selected({ filter }, world)?.has(product) === false) {
      const message = `It pins ${JSON.stringify(pin.product)}, which does not pass the filter of placement ${JSON.stringify(name)} as the catalogue stands.`;
      findings.push({ level: 'warning', where, message });
    }
  }
  return findings;
}

function isSoldOut(product: number, placement: string | undefined, { placements }: RulesFile, world: ProductWorld) {
  const filter = notSoldOut(placement === undefined ? undefined : placements[placement].filter, world.fields);
  return filter !== undefined && selected({ filter }, world)?.has(product) === false;
}

function checkBoth(earlier: RuleOf<'pin'>, pin: RuleOf<'pin'>, file: RulesFile, world: ProductWorld): Finding[] {
  const isSameProduct = earlier.product === pin.product;
  const [product, pinned] = [world.numberOf(earlier.product), world.numberOf(pin.product)];
  const isKnown = product !== undefined && pinned !== undefined;
  const areVariants = isKnown && !isSameProduct && world.areVariants(product, pinned);
  if (!isSameProduct && !areVariants && earlier.position !== pin.position) return [];
  const both = placementsOfBoth(earlier, pin, file);
  if (both.length === 0) return [];
  // The second of two variants may be meant for when the first is sold out.
  const isMeant = areVariants || earlier.when !== undefined || pin.when !== undefined;
  const places = both.join(', ');
  const reason = isSameProduct
    ? `the same product in ${places}: the first counts`
    : areVariants
      ? `a variant of the same product in ${places}: one of them is shown`
      : `another product to position ${pin.position} in ${places}: this one would get the next`;
  const message = `Rule ${JSON.stringify(earlier.id)} pins ${reason}.`;
  return [{ level: isMeant ? 'warning' : 'error', where: `rule ${JSON.stringify(pin.id)}`, message }];
}

/** Where two rules apply at some time together; none when they never do. */
function placementsOfBoth(a: Rule, b: Rule, file: RulesFile): string[] {
  const [timeA, timeB] = [validityOf(a, file.timeZone), validityOf(b, file.timeZone)];
  if (timeA.fromMs >= timeB.untilMs || timeB.fromMs >= timeA.untilMs) return [];
  return namesOf(placesOf(file).filter((placement) => concerns(a, placement, file) && concerns(b, placement, file)));
}

/** Where rules apply; undefined: in answers that name no placement. */
function placesOf({ placements }: RulesFile): (string | undefined)[] {
  return [undefined, ...Object.keys(placements)];
}

function namesOf(places: readonly (string | undefined)[]): string[] {
  return places.map((placement) => placement ?? 'answers that name no placement');
}

/** @returns undefined where it depends on the query product, or cannot be told. */
function selected(selection: Parameters<ProductWorld['select']>[0], world: ProductWorld): Bitset | undefined {
  if ('filter' in selection && ownFieldsOf(selection.filter).length > 0) return undefined;
  try {
    return world.select(selection, undefined);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return undefined;
  }
}
