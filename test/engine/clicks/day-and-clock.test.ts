import { describe, expect, it } from 'vitest';
import { sequencesInFolder } from '../../support/sequences.ts';

const sequencesOf = sequencesInFolder();

/** Visitor v looks at a product every 20 minutes from midnight to 08:00, and from 10:00 to 18:00. */
const MINUTES = Array.from({ length: 24 * 3 }, (_, i) => i * 20).filter((at) => at < 480 || (at >= 600 && at < 1080));
const products = MINUTES.map((_, i) => `P${i}`);
const visits = [products.slice(0, 24), products.slice(24)];
const two = (n: number) => String(n).padStart(2, '0');

/** The sequences of the views with a pause of half an hour, whose rows have the newest first. */
async function cut(time: string[], cells: (hour: number, minute: number) => string) {
  const rows = MINUTES.map((at, i) => `v,P${i},${cells(Math.floor(at / 60), at % 60)}\n`).reverse();
  const columns = { user: 'u', product: 'p', time, gapSeconds: 1800 };
  const { sequences } = await sequencesOf({ 'a.csv': `u,p,${time.join()}\n${rows.join('')}` }, { columns });
  return Object.values(sequences).toSorted((a, b) => Number(b[0] === 'P0') - Number(a[0] === 'P0'));
}

describe('a day and what of it', () => {
  it.each<[string, string[], (hour: number, minute: number) => string]>([
    ['digits of a clock', ['d', 't'], (h, m) => `2026-03-01,${two(h)}${two(m)}00`],
    ['digits without leading zeros', ['d', 't'], (h, m) => `20260301,${Number(`${h}${two(m)}00`)}`],
    ['digits of hours and minutes', ['d', 't'], (h, m) => `2026-03-01,${two(h)}${two(m)}`],
    ['milliseconds', ['d', 't'], (h, m) => `2026-03-01,${(h * 60 + m) * 60_000 + 7}`],
    ['twelve hours', ['d', 't'], (h, m) => `2026-03-01,${h % 12 || 12}:${two(m)} ${h < 12 ? 'AM' : 'PM'}`],
    ['hour and minute', ['d', 'h', 'm'], (h, m) => `2026-03-01,${h},${m}`],
    ['hour and minute of a day of digits', ['d', 'h', 'm'], (h, m) => `20260301,${h},${m}`],
    ['hour, minute and second', ['d', 'h', 'm', 's'], (h, m) => `25/03/2026,${two(h)},${two(m)},00`],
    ['hour and minute of parts', ['y', 'n', 'd', 'h', 'm'], (h, m) => `2026,3,1,${h},${m}`],
  ])('GIVEN %s THEN the pause is found', async (_, time, cells) => {
    expect(await cut(time, cells)).toEqual(visits);
  });

  it('GIVEN hours alone THEN the hours without a view are a pause', async () => {
    const rows = [20, 9, 8, 20, 9, 8].map((hour, i) => `v,P${i},2026-03-0${i < 3 ? 2 : 1},${hour}\n`);
    const columns = { user: 'u', product: 'p', time: ['d', 'hour'], gapSeconds: 7200 };
    const { sequences } = await sequencesOf({ 'a.csv': `u,p,d,hour\n${rows.join('')}` }, { columns });
    expect(Object.values(sequences)).toEqual([
      ['P5', 'P4'],
      ['P2', 'P1'],
    ]);
  });

  it('GIVEN an hour that no day has THEN the row is refused', async () => {
    const columns = { session: 'u', product: 'p', time: ['d', 'h', 'm'] };
    await expect(sequencesOf({ 'a.csv': 'u,p,d,h,m\nv,A,2026-03-01,24,00\n' }, { columns })).rejects.toThrow(
      'not a time',
    );
  });
});
