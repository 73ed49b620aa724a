import type { Random } from '../../engine/numeric/random.ts';
import { normal } from './distributions.ts';

/** 1 April to 13 August 2008, as in the e-shop file. */
const FIRST_DAY_MS = Date.UTC(2008, 3, 1);
const DAY_COUNT = 135;
const DAY_MS = 86_400_000;

/** April…August, relative sessions a day: a strong opening month. */
const MONTHS = [1.38, 1, 0.97, 0.98, 0.88];
/** Sunday…Saturday, relative sessions a day. */
const WEEKDAYS = [0.8, 1.13, 1.2, 1.12, 1.04, 0.97, 0.71];
const NOISE = 0.15;

export interface Day {
  /** The columns `year;month;day`. */
  columns: string;
  /** Sessions up to and with this day. */
  lastSession: number;
}

/** Spreads the sessions over the days; every session falls on one day. */
export function makeCalendar(sessionCount: number, random: Random): Day[] {
  const days = Array.from({ length: DAY_COUNT }, (_, i) => new Date(FIRST_DAY_MS + i * DAY_MS));
  const weights = days.map(
    (day) => MONTHS[day.getUTCMonth() - 3] * WEEKDAYS[day.getUTCDay()] * Math.exp(NOISE * normal(random)),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let weightSoFar = 0;
  return days.map((day, i) => {
    weightSoFar += weights[i];
    return {
      columns: `${day.getUTCFullYear()};${day.getUTCMonth() + 1};${day.getUTCDate()}`,
      lastSession: i === DAY_COUNT - 1 ? sessionCount : Math.round((weightSoFar / total) * sessionCount),
    };
  });
}
