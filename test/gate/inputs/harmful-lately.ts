import type { View } from '../shop.ts';
import { bySession, daysOf, type Input, sessionOf } from './input.ts';

/** What has gone wrong in the newest week alone, which is a twentieth of all: in the input as a whole it is hardly to be seen. */
export const HARMFUL_LATELY: readonly Input[] = [
  {
    name: 'in the newest week only the first two views of each session',
    kind: 'wrong lately',
    make: ({ next }) => lately(next, (session) => session.slice(0, 2)),
  },
  {
    name: 'in the newest week the category logged before each product',
    kind: 'wrong lately',
    make: ({ next }) =>
      lately(next, (session) =>
        sessionOf(
          session[0].session,
          session[0].date,
          session.flatMap(({ product }) => [product.slice(0, 1), product]),
        ),
      ),
  },
];

function lately(views: readonly View[], spoil: (session: View[]) => View[]): View[] {
  const from = daysOf(views).at(-7)!;
  return bySession(views).flatMap((session) => (session[0].date >= from ? spoil(session) : session));
}
