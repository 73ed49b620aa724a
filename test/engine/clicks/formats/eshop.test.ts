import { expect, it } from 'vitest';
import { sequencesInFolder } from '../../../support/sequences.ts';

const sequencesOf = sequencesInFolder();

it('orders by `order`, newest sessions by year, month and day', async () => {
  const header =
    'year;month;day;order;country;session ID;page 1 (main category);page 2 (clothing model);colour;location;model photography;price;price 2;page';
  const row = (day: number, order: number, session: number, product: string) =>
    `2008;4;${day};${order};29;${session};1;${product};1;1;1;28;2;1`;
  const rows = [row(2, 2, 7, 'B4'), row(2, 1, 7, 'A13'), row(1, 1, 9, 'C5'), row(1, 2, 9, 'A13')];
  const { sequences } = await sequencesOf({ 'e-shop.csv': [header, ...rows].join('\r\n') });
  expect(Object.entries(sequences)).toEqual([
    ['7', ['A13', 'B4']],
    ['9', ['C5', 'A13']],
  ]);
});
