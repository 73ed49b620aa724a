import { kindOfEvent } from './event-kinds.ts';
import { option } from './suggested-options.ts';

/** A column with more kinds of values is no event. */
export const MOST_EVENTS = 20;

/** Of a column's name. */
export const MAY_BE_EVENT = /^(event|event[_ ]?(type|name)|\w*action(_?type)?|type)$/i;
/** Of events, the one that is a look at a product. */
const IS_VIEW = [/(product|item|pdp).*view|view.*(product|item|pdp)/i, /detail/i, /^(page)?view$|^pv$/i, /click|view/i];

/** Whether a column seems to hold events. */
export function isEvent({ path, values }: { path: string; values: readonly string[] }): boolean {
  return MAY_BE_EVENT.test(path) && isSeveral(Array.from(new Set(values)));
}

function isSeveral(names: readonly string[]): boolean {
  return names.length > 1 && names.length <= MOST_EVENTS;
}

/** Whether a column has events, and not another kind of names: one of them at least is known. */
export function looksLikeEvents(names: readonly string[]): boolean {
  return isSeveral(names) && (viewOf(names) !== undefined || names.some((name) => kindOfEvent(name) !== 'view'));
}

/** As options: the likeliest view counts 1, and carts and purchases more. */
export function suggestedWeights(column: string, names: readonly string[]): string {
  const view = viewOf(names);
  const weights = names.flatMap((name) => {
    const kind = kindOfEvent(name);
    return kind === 'view' ? (name === view ? [`${name}=1`] : []) : [`${name}=${kind === 'cart' ? 3 : 5}`];
  });
  return `${option('event', column)} ${option('events', weights.join())}`;
}

/** The one that is a look at a product counts. @param names of events. */
export function eventOption(names: readonly string[]): string {
  return option('events', `${viewOf(names) ?? 'NAME'}=1`);
}

function viewOf(names: readonly string[]): string | undefined {
  return IS_VIEW.map((pattern) => names.find((name) => pattern.test(name))).find((name) => name !== undefined);
}
