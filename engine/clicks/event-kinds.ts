import { CLICK_FORMATS } from '../artifacts/click-formats.ts';
import type { Columns, FormatName } from '../artifacts/click-source.ts';

/** What a row of the clickstream tells about the shopper. What is no cart and no purchase is a view. */
export const EVENT_KINDS = ['view', 'cart', 'purchase'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** As the section `kinds` of a corpus holds them. */
export const KIND_NUMBER: Readonly<Record<EventKind, number>> = { view: 0, cart: 1, purchase: 2 };

/**
 * Names of events, in small letters and without what is no letter: those of GA4 and of the known formats, and those that
 * shops give them. Removing from a cart or looking at one is neither.
 */
const NAMES: Readonly<Record<Exclude<EventKind, 'view'>, ReadonlySet<string>>> = {
  purchase: new Set([
    'purchase',
    'purchases',
    'purchased',
    'productpurchased',
    'buy',
    'bought',
    'order',
    'orders',
    'ordered',
    'ordercompleted',
    'orderplaced',
    'ecommerceorder',
    'transaction',
    'transactions',
    'sale',
  ]),
  cart: new Set([
    'addtocart',
    'addedtocart',
    'addtobasket',
    'addtobag',
    'productadded',
    'cart',
    'carts',
    'cartadd',
    'basket',
  ]),
};

/** What an event with such a name is. */
export function kindOfEvent(name: string): EventKind {
  const letters = name.toLowerCase().replaceAll(/[^a-z]/g, '');
  if (NAMES.purchase.has(letters)) return 'purchase';
  return NAMES.cart.has(letters) ? 'cart' : 'view';
}

/** What the weight of a row says about its event: all that is left of it in `views.bin`. */
export interface EventClasses {
  kindOf(weight: number): EventKind;
  /** Names of events of several kinds that share a weight: their rows are taken for views. */
  ambiguous: string[][];
}

/** @param events that count, by weight, as the files were read. @param format of the files, where it is known. */
export function eventClasses(events: Columns['events'], format: FormatName | undefined): EventClasses {
  if (events === undefined) {
    const rows = format === undefined ? undefined : CLICK_FORMATS[format].rows;
    return { kindOf: () => rows ?? 'view', ambiguous: [] };
  }
  const counted = Object.keys(events).filter((name) => events[name] > 0);
  const byWeight = Map.groupBy(counted, (name) => Math.fround(events[name]));
  const kinds = new Map<number, EventKind>();
  const ambiguous: string[][] = [];
  for (const [weight, names] of byWeight) {
    const found = new Set(names.map(kindOfEvent));
    if (found.size > 1) ambiguous.push(names);
    kinds.set(weight, found.size > 1 ? 'view' : kindOfEvent(names[0]));
  }
  return { kindOf: (weight) => kinds.get(Math.fround(weight)) ?? 'view', ambiguous };
}
