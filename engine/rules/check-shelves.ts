import { ownFieldsOf } from '../catalogue/filter.ts';
import { relaxFilter } from '../catalogue/relax-filter.ts';
import { notSoldOut } from '../catalogue/sold-out.ts';
import type { Bitset } from '../numeric/bitset.ts';
import { concerns } from './compiled-rule.ts';
import type { Finding } from './finding.ts';
import type { ProductWorld } from './product-world.ts';
import type { RulesEngine } from './rules-engine.ts';
import { type Placement, type RulesFile, validityOf } from './rules-file.ts';

/**
 * Does anything remain to be shown, now and whenever rules begin or end? Only of what holds for every query product: rules
 * with `when` and what asks for a value of the query product are passed over.
 */
export function checkShelves(file: RulesFile, engine: RulesEngine, world: ProductWorld, nowMs: number): Finding[] {
  return [undefined, ...Object.keys(file.placements)].flatMap((name): Finding[] => {
    const where = name === undefined ? 'answers that name no placement' : `placement ${JSON.stringify(name)}`;
    const passing = passingOf(name === undefined ? undefined : engine.placement(name), world);
    const found = momentsOf(file, name, nowMs).flatMap(({ ms, text }) => {
      const emptied = emptiedBy(engine.directionsFor(name, undefined, ms).admitted, passing);
      return emptied === undefined ? [] : { level: emptied.level, where, message: `${text} ${emptied.reason}` };
    });
    return [found.find(({ level }) => level === 'error') ?? found[0] ?? []].flat();
  });
}

/** Undefined: all products. */
interface Passing {
  filter: Bitset | undefined;
  stock: Bitset | undefined;
}

/** What a placement admits when all that it may relax is given up. */
function passingOf(placement: Placement | undefined, world: ProductWorld): Passing {
  const { filter, relax = [] } = placement ?? {};
  const select = (part: typeof filter) => {
    const left = part && relaxFilter(part, new Set(relax));
    return left === undefined || ownFieldsOf(left).length > 0 ? undefined : world.select({ filter: left }, undefined);
  };
  return { filter: select(filter), stock: select(notSoldOut(filter, world.fields)) };
}

function emptiedBy(
  admitted: Bitset | undefined,
  { filter, stock }: Passing,
): { level: Finding['level']; reason: string } | undefined {
  // Another finding says so.
  if (isEmpty(filter)) return undefined;
  if (isEmpty(admitted)) {
    return { level: 'error', reason: 'rules leave no product to show: look at its require and exclude rules.' };
  }
  const left = both(admitted, filter);
  if (isEmpty(left)) {
    return { level: 'error', reason: 'rules leave no product that passes its filter: look at both.' };
  }
  return isEmpty(both(left, stock))
    ? { level: 'warning', reason: 'rules and filter leave only products that are sold out as the catalogue stands.' }
    : undefined;
}

function isEmpty(products: Bitset | undefined): boolean {
  return products?.next(0) === -1;
}

function both(a: Bitset | undefined, b: Bitset | undefined): Bitset | undefined {
  return a === undefined || b === undefined ? (a ?? b) : a.copy().intersect(b);
}

/** Now, and each later moment at which what may be shown changes. */
function momentsOf(file: RulesFile, placement: string | undefined, nowMs: number): { ms: number; text: string }[] {
  const moments = new Map([[nowMs, 'Its']]);
  for (const rule of file.rules) {
    if ((rule.type !== 'require' && rule.type !== 'exclude') || !concerns(rule, placement, file)) continue;
    const { fromMs, untilMs } = validityOf(rule, file.timeZone);
    if (fromMs > nowMs) moments.set(fromMs, `From ${rule.from} on, its`);
    if (untilMs > nowMs) moments.set(untilMs, `After ${rule.until}, its`);
  }
  moments.delete(Number.POSITIVE_INFINITY);
  return Array.from(moments, ([ms, text]) => ({ ms, text })).toSorted((a, b) => a.ms - b.ms);
}
