import { type Random, randomInteger } from '../../../engine/numeric/random.ts';
import type { Shop, View } from '../shop.ts';

/** An input that the next training of a shop may be given. */
export interface Input {
  name: string;
  /** Inputs of one kind go wrong in the same way. */
  kind: string;
  /** No threshold was chosen by it: it tests them. */
  isBlind?: true;
  make(shop: Shop, random: Random): readonly View[] | Upload;
}

/** Files as they are uploaded, where it is the file that is special. */
export interface Upload {
  files: Record<string, string | Uint8Array>;
  /** On top of the usual request. */
  request?: Record<string, unknown>;
}

const HEADER = 'session;product;position;day';

export function csvOf(views: readonly View[], delimiter = ';', header = HEADER): string {
  const lines = views.map(({ session, product, order, date }) => [session, product, order, date].join(delimiter));
  return `${header.replaceAll(';', delimiter)}\n${lines.join('\n')}\n`;
}

export function shuffle<T>(values: readonly T[], random: Random): T[] {
  const shuffled = [...values];
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = randomInteger(random, i + 1);
    [shuffled[i], shuffled[j]] = [shuffled[j], shuffled[i]];
  }
  return shuffled;
}

/** Session → its views, in the order of the sessions. */
export function bySession(views: readonly View[]): View[][] {
  const sessions = new Map<string, View[]>();
  for (const view of views) {
    const session = sessions.get(view.session);
    if (session === undefined) sessions.set(view.session, [view]);
    else session.push(view);
  }
  return [...sessions.values()];
}

/** Most viewed first. */
export function productsByViews(views: readonly View[]): string[] {
  const counts = new Map<string, number>();
  for (const { product } of views) counts.set(product, (counts.get(product) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a).map(([product]) => product);
}

/** A session of these products on a day. */
export function sessionOf(id: string, date: string, products: readonly string[]): View[] {
  return products.map((product, i) => ({ session: id, product, order: i + 1, date }));
}

export function pick<T>(values: readonly T[], random: Random): T {
  return values[randomInteger(random, values.length)];
}

/** Days of the views, oldest first. */
export function daysOf(views: readonly View[]): string[] {
  return [...new Set(views.map(({ date }) => date))].sort();
}

/** @param date `2008-04-01` */
export function shiftDays(date: string, days: number): string {
  return new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);
}
