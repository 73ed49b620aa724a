import { bySession, csvOf, daysOf, type Input, pick, productsByViews, sessionOf, shiftDays, shuffle } from './input.ts';

/** Every input here is a healthy shop that has changed, or the same facts in another form. */
export const HARMLESS: readonly Input[] = [
  { name: 'a week later', kind: 'time goes on', make: ({ next }) => next },
  { name: 'a week later, the newest months only', kind: 'time goes on', make: ({ window }) => window },
  {
    name: 'the newest twelve weeks only',
    kind: 'time goes on',
    isBlind: true,
    make: ({ next }) => {
      const from = daysOf(next).at(-84)!;
      return next.filter(({ date }) => date >= from);
    },
  },
  {
    name: 'two years in place of some months, when other products were sold',
    kind: 'time goes on',
    make: ({ next }) => {
      const earlier = [1, 2, 3, 4].flatMap((times) =>
        next.map((view) => ({
          ...view,
          session: `${view.session}-${times}`,
          product: `${view.product}-${times}`,
          date: shiftDays(view.date, -150 * times),
        })),
      );
      return [...earlier, ...next];
    },
  },
  {
    name: 'a new category',
    kind: 'catalogue grows',
    make: ({ next }, random) => {
      const days = new Set(daysOf(next).slice(-21));
      const news = Array.from({ length: 30 }, (_, i) => `E${i + 1}`);
      return [
        ...next,
        ...bySession(next.filter(({ date }) => days.has(date)))
          .filter(() => random() < 0.3)
          .flatMap(([{ session, date }]) =>
            sessionOf(`${session}-e`, date, walk(news, 2 + Math.floor(random() * 8), random)),
          ),
      ];
    },
  },
  {
    name: 'a tenth more products',
    kind: 'catalogue grows',
    make: ({ next }, random) => {
      const products = productsByViews(next);
      const twins = new Map(
        shuffle(products, random)
          .slice(0, products.length / 10)
          .map((p) => [p, `${p}-new`]),
      );
      const from = daysOf(next).at(-30)!;
      return next.map((view) =>
        view.date >= from && twins.has(view.product) && random() < 0.5
          ? { ...view, product: twins.get(view.product)! }
          : view,
      );
    },
  },
  {
    name: 'the least viewed tenth of the catalogue sold out',
    kind: 'catalogue shrinks',
    make: ({ next }) => {
      const products = productsByViews(next);
      const lost = new Set(products.slice(products.length * 0.9));
      return next.filter(({ product }) => !lost.has(product));
    },
  },
  {
    name: 'a seasonal change of taste',
    kind: 'taste',
    make: ({ next }, random) => seasonal(next, 'C', random),
  },
  {
    name: 'a seasonal change of taste in a newer window',
    kind: 'taste',
    isBlind: true,
    make: ({ window }, random) => seasonal(window, 'A', random),
  },
  {
    name: 'one category three times as much liked, all the time',
    kind: 'taste',
    isBlind: true,
    make: ({ next }, random) => seasonal(next, 'B', random, 0),
  },
  {
    name: 'a product of the day',
    kind: 'taste',
    isBlind: true,
    make: ({ next }, random) => {
      const from = daysOf(next).at(-7)!;
      const product = productsByViews(next)[60];
      return bySession(next).flatMap((session) => {
        if (session[0].date < from || random() > 0.3) return session;
        const at = Math.floor(random() * session.length);
        return sessionOf(
          session[0].session,
          session[0].date,
          session.map((view) => view.product).toSpliced(at, 0, product),
        );
      });
    },
  },
  {
    name: 'twice the traffic',
    kind: 'traffic',
    make: ({ next }, random) => {
      const sessions = bySession(next);
      const more = sessions.map((_, s) => pick(sessions, random).map((view) => ({ ...view, session: `more-${s}` })));
      return [...next, ...more.flat()];
    },
  },
  {
    name: 'half of the traffic',
    kind: 'traffic',
    make: ({ next }) => next.filter(({ session }) => Number(session) % 20 < 10),
  },
  {
    name: 'a week of holidays in which hardly anybody came',
    kind: 'traffic',
    make: ({ next }) => {
      const holidays = new Set(daysOf(next).slice(-10, -3));
      return next.filter(({ date, session }) => !holidays.has(date) || Number(session) % 10 === 0);
    },
  },
  {
    name: 'the last three days not yet exported',
    kind: 'traffic',
    isBlind: true,
    make: ({ next }) => {
      const until = daysOf(next).at(-3)!;
      return next.filter(({ date }) => date < until);
    },
  },
  {
    name: 'some robots among the visitors',
    kind: 'robots',
    make: ({ next }, random) => {
      const products = productsByViews(next);
      const days = daysOf(next);
      // A few per cent of the sessions' views in a large shop, a fifth in a small one.
      const robots = Array.from({ length: Math.max(2, Math.round(next.length / 16_000)) }, (_, robot) =>
        sessionOf(
          `robot-${robot}`,
          days.at(-1 - robot)!,
          Array.from({ length: 1_500 }, () => pick(products, random)),
        ),
      );
      return [...next, ...robots.flat()];
    },
  },
  {
    name: 'one session of the year 2999',
    kind: 'robots',
    make: ({ next }) => [...next, ...sessionOf('future', '2999-01-01', ['A1', 'A2', 'A3'])],
  },
  {
    name: 'session ids of another system',
    kind: 'other form',
    make: ({ next }, random) => {
      const ids = new Map(bySession(next).map(([{ session }], s) => [session, `v-${s}-${Math.floor(random() * 1e9)}`]));
      return next.map((view) => ({ ...view, session: ids.get(view.session)! }));
    },
  },
  {
    name: 'rows in any order',
    kind: 'other form',
    make: ({ next }, random) => shuffle(next, random),
  },
  {
    name: 'positions that count from 0 in steps of ten',
    kind: 'other form',
    isBlind: true,
    make: ({ next }) => next.map((view) => ({ ...view, order: 10 * (view.order - 1) })),
  },
  {
    name: 'every row twice',
    kind: 'other form',
    isBlind: true,
    make: ({ next }) => next.flatMap((view) => [view, view]),
  },
  {
    name: 'visits of one view more often',
    kind: 'traffic',
    isBlind: true,
    make: ({ next }, random) => {
      const products = productsByViews(next);
      const days = daysOf(next);
      return [
        ...next,
        ...Array.from(
          { length: 5_000 },
          (_, i) => sessionOf(`bounce-${i}`, pick(days, random), [pick(products, random)])[0],
        ),
      ];
    },
  },
  {
    name: 'renamed columns',
    kind: 'other file',
    make: ({ next }) => ({
      files: { 'clicks.csv': csvOf(next, ';', 'visit;sku;n;on') },
      request: { columns: { session: 'visit', product: 'sku', order: 'n', time: ['on'] } },
    }),
  },
  {
    name: 'tabs and another delimiter',
    kind: 'other file',
    make: ({ next }) => ({ files: { 'clicks.tsv': csvOf(next, '\t') } }),
  },
  {
    name: 'a file a month',
    kind: 'other file',
    make: ({ next }) => {
      const months = [...new Set(next.map(({ date }) => date.slice(0, 7)))];
      return {
        files: Object.fromEntries(
          months.map((month) => [`${month}.csv`, csvOf(next.filter(({ date }) => date.startsWith(month)))]),
        ),
      };
    },
  },
  {
    name: 'JSON Lines',
    kind: 'other file',
    make: ({ next }) => ({
      files: {
        'clicks.jsonl': next
          .map(({ session, product, order, date }) => JSON.stringify({ session, product, position: order, day: date }))
          .join('\n'),
      },
    }),
  },
];

/** Short ways through a new part of the shop: each step to a neighbour. */
function walk(products: readonly string[], length: number, random: () => number): string[] {
  let at = Math.floor(random() * products.length);
  return Array.from({ length }, () => {
    at = (at + 1 + Math.floor(random() * 3)) % products.length;
    return products[at];
  });
}

/** In the newest days, visits that look at one category are three times as many. @param newestDays 0: on all days. */
function seasonal(views: Parameters<typeof bySession>[0], category: string, random: () => number, newestDays = 30) {
  const from = daysOf(views).at(-newestDays)!;
  const sessions = bySession(views);
  const liked = sessions.filter(
    (session) =>
      session[0].date >= from &&
      session.filter(({ product }) => product.startsWith(category)).length > session.length / 2,
  );
  const more = Array.from({ length: 2 * liked.length }, (_, i) =>
    pick(liked, random).map((view) => ({ ...view, session: `season-${i}` })),
  );
  return [...views, ...more.flat()];
}
