import { isWithin } from '../catalogue/catalogue.ts';
import { storedValue } from '../catalogue/feed-fields.ts';
import { type Condition, isOneOf, ownFieldsOf } from '../catalogue/filter.ts';
import { nearestName } from '../nearest-name.ts';
import { conditionsOf } from './filter-conditions.ts';
import type { ProductWorld } from './product-world.ts';
import type { Selection } from './rules-file.ts';

const MOST_NAMED = 5;

/** @param empty says that nothing is selected. @returns what is doubtful about a selection, a sentence each. */
export function checkSelection(selection: Selection, world: ProductWorld, empty: string): string[] {
  if ('ids' in selection) {
    const unknown = selection.ids.filter((id) => world.numberOf(id) === undefined);
    if (unknown.length === 0) return [];
    const named = unknown.slice(0, MOST_NAMED).map((id) => JSON.stringify(id));
    const others = unknown.length > MOST_NAMED ? ` and ${unknown.length - MOST_NAMED} more` : '';
    return [`Neither the model nor the catalogue knows ${named.join(', ')}${others}.`];
  }
  const { filter } = selection;
  const doubts = conditionsOf(filter).flatMap((condition) => unknownValues(condition, world));
  // Of a filter that uses the query product's values nobody can say before there is one.
  if (doubts.length > 0 || ownFieldsOf(filter).length > 0) return doubts;
  return world.select(selection, undefined).next(0) === -1 ? [`As the catalogue stands, ${empty}.`] : [];
}

/** A misspelt brand selects nothing, and nobody notices. */
function unknownValues(condition: Condition, world: ProductWorld): string[] {
  const field = world.field(condition.field);
  if (!isOneOf(condition) || field.type !== 'facet') return [];
  const { values, isPath } = field;
  return condition.in.flatMap((value) => {
    if (typeof value !== 'string') return [];
    const stored = storedValue(condition.field, value);
    if (values.some((known) => known === stored || (isPath && isWithin(known, stored)))) return [];
    const nearest = nearestName(value, values);
    const hint = nearest === undefined ? '' : ` Did you mean ${JSON.stringify(nearest)}?`;
    return [`No product's ${condition.field} is ${JSON.stringify(value)}.${hint}`];
  });
}
