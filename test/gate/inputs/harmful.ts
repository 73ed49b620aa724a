import type { Random } from '../../../engine/numeric/random.ts';
import type { Shop, View } from '../shop.ts';
import { HARMFUL_LATELY } from './harmful-lately.ts';
import { bySession, daysOf, type Input, pick, productsByViews, sessionOf, shiftDays, shuffle } from './input.ts';

const everyView = (change: (view: View, i: number) => View) => (views: readonly View[]) => views.map(change);

/** Ids exchanged with one another: the same catalogue, another meaning. */
function rekeyed(views: readonly View[], random: Random, share = 1): View[] {
  const products = productsByViews(views);
  const moved = shuffle(products, random).slice(0, Math.round(share * products.length));
  const others = shuffle(moved, random);
  const other = new Map(moved.map((product, i) => [product, others[i]]));
  return views.map((view) => ({ ...view, product: other.get(view.product) ?? view.product }));
}

/** The e-shop file's views from April to the first week of August: of a part of it, robots are as large a part. */
const ALL_VIEWS = 158_600;
const scaled = (count: number, { next }: Shop) => Math.max(1, Math.round((count * next.length) / ALL_VIEWS));

/** Robots that each visit so many products. */
function robots({ next: views }: Shop, count: number, products: (robot: number) => string[]): View[] {
  const days = daysOf(views);
  const visits = Array.from({ length: count }, (_, robot) =>
    sessionOf(`robot-${robot}`, days[Math.floor((robot * days.length) / count)], products(robot)),
  );
  return [...views, ...visits.flat()];
}

const merged = (sessionOfView: (view: View) => string) => (views: readonly View[]) =>
  views.map((view, i) => ({ ...view, session: sessionOfView(view), order: i + 1 }));

/** Every input here would make a model that serves the shop's visitors worse, or leaves out what they do now. */
export const HARMFUL: readonly Input[] = [
  ...HARMFUL_LATELY,
  { name: 'stopped halfway', kind: 'export cut', make: ({ next }) => next.slice(0, next.length / 2) },
  { name: 'stopped after a fifth', kind: 'export cut', make: ({ next }) => next.slice(0, next.length / 5) },
  {
    name: 'a newer window, stopped halfway',
    kind: 'export cut',
    make: ({ window }) => window.slice(0, window.length / 2),
  },
  {
    name: 'sorted by product, stopped halfway',
    kind: 'export cut',
    make: ({ next }) => {
      const sorted = next.toSorted((a, b) => (a.product < b.product ? -1 : a.product > b.product ? 1 : 0));
      return sorted.slice(0, sorted.length / 2);
    },
  },
  {
    name: 'half of the catalogue gone',
    kind: 'catalogue lost',
    make: ({ next }, random) => {
      const products = productsByViews(next);
      const kept = new Set(shuffle(products, random).slice(0, products.length / 2));
      return next.filter(({ product }) => kept.has(product));
    },
  },
  {
    name: 'the most viewed tenth of the catalogue gone',
    kind: 'catalogue lost',
    isBlind: true,
    make: ({ next }) => {
      const products = productsByViews(next);
      const lost = new Set(products.slice(0, products.length / 10));
      return next.filter(({ product }) => !lost.has(product));
    },
  },
  {
    name: 'the most viewed products gone, a sixth of the views',
    kind: 'catalogue lost',
    make: ({ next }) => {
      const counts = Map.groupBy(next, ({ product }) => product);
      const lost = new Set<string>();
      let views = 0;
      for (const product of productsByViews(next)) {
        const count = counts.get(product)!.length;
        if (views + count > next.length / 6) break;
        views += count;
        lost.add(product);
      }
      return next.filter(({ product }) => !lost.has(product));
    },
  },
  {
    name: 'two products only',
    kind: 'catalogue lost',
    make: ({ next }) => {
      const kept = new Set(productsByViews(next).slice(0, 2));
      return next.filter(({ product }) => kept.has(product));
    },
  },
  {
    name: 'one category only',
    kind: 'catalogue lost',
    make: ({ next }) => next.filter(({ product }) => product.startsWith('C')),
  },
  {
    name: 'one robot of 200,000 views',
    kind: 'one robot',
    make: (shop, random) => {
      const products = productsByViews(shop.next);
      return robots(shop, 1, () => Array.from({ length: scaled(200_000, shop) }, () => pick(products, random)));
    },
  },
  {
    name: '2,000 robots of 100 views',
    kind: 'many robots',
    make: (shop, random) => {
      const products = productsByViews(shop.next);
      return robots(shop, scaled(2_000, shop), () => Array.from({ length: 100 }, () => pick(products, random)));
    },
  },
  {
    name: '5,000 robots for one product',
    kind: 'robots for one product',
    make: (shop, random) => {
      const products = productsByViews(shop.next);
      const favourite = products[100];
      return robots(shop, scaled(5_000, shop), () => [
        pick(products, random),
        favourite,
        pick(products, random),
        favourite,
      ]);
    },
  },
  {
    name: '5,000 robots for a product that nobody else views',
    kind: 'robots for one product',
    make: (shop, random) => {
      const products = productsByViews(shop.next);
      return robots(shop, scaled(5_000, shop), () => [
        pick(products, random),
        'BUY-ME',
        pick(products, random),
        'BUY-ME',
      ]);
    },
  },
  {
    name: '20,000 robots of five random views',
    kind: 'many robots',
    isBlind: true,
    make: (shop, random) => {
      const products = productsByViews(shop.next);
      return robots(shop, scaled(20_000, shop), () => Array.from({ length: 5 }, () => pick(products, random)));
    },
  },
  {
    name: 'a farm that pushes ten products after the most viewed ones',
    kind: 'robots for one product',
    isBlind: true,
    make: (shop, random) => {
      const products = productsByViews(shop.next);
      return robots(shop, scaled(8_000, shop), () => [
        pick(products.slice(0, 20), random),
        pick(products.slice(150, 160), random),
      ]);
    },
  },
  {
    name: 'shuffled: every row has the product of another',
    kind: 'no structure',
    make: ({ next }, random) => {
      const products = shuffle(next, random);
      return next.map((view, i) => ({ ...view, product: products[i].product }));
    },
  },
  {
    name: 'products drawn at random',
    kind: 'no structure',
    make: ({ next }, random) => {
      const products = productsByViews(next);
      return next.map((view) => ({ ...view, product: pick(products, random) }));
    },
  },
  {
    name: 'the order inside sessions shuffled',
    kind: 'order lost',
    make: ({ next }, random) =>
      bySession(next).flatMap((session) => {
        const orders = shuffle(session, random);
        return session.map((view, i) => ({ ...view, order: orders[i].order }));
      }),
  },
  {
    name: 'reversed order inside sessions',
    kind: 'order reversed',
    make: ({ next }) => everyView((view) => ({ ...view, order: -view.order }))(next),
  },
  {
    name: 'a newer window in reversed order',
    kind: 'order reversed',
    make: ({ window }) => everyView((view) => ({ ...view, order: 1_000 - view.order }))(window),
  },
  {
    name: 'sorted by product inside sessions',
    kind: 'order lost',
    make: ({ next }) =>
      bySession(next).flatMap((session) =>
        session.toSorted((a, b) => (a.product < b.product ? -1 : 1)).map((view, i) => ({ ...view, order: i + 1 })),
      ),
  },
  {
    name: 'all sessions alike',
    kind: 'sessions alike',
    make: ({ next }) => {
      const model = bySession(next).find((session) => new Set(session.map(({ product }) => product)).size > 5)!;
      return bySession(next).flatMap(([{ session, date }]) =>
        sessionOf(
          session,
          date,
          model.map(({ product }) => product),
        ),
      );
    },
  },
  {
    name: 'a hundred sessions over and over',
    kind: 'sessions alike',
    isBlind: true,
    make: ({ next }) => {
      const sessions = bySession(next);
      const models = sessions.slice(-100);
      return sessions.flatMap(([{ session, date }], s) =>
        sessionOf(
          session,
          date,
          models[s % models.length].map(({ product }) => product),
        ),
      );
    },
  },
  { name: 'everything one session', kind: 'sessions merged', make: ({ next }) => merged(() => 'all')(next) },
  { name: 'a session a day', kind: 'sessions merged', make: ({ next }) => merged(({ date }) => date)(next) },
  {
    name: 'session ids begin anew every day',
    kind: 'sessions merged',
    make: ({ next }) => {
      const numberOf = new Map<string, number>();
      let day = '';
      let count = 0;
      for (const { session, date } of next) {
        if (date !== day) count = 0;
        day = date;
        if (!numberOf.has(session)) numberOf.set(session, count++);
      }
      return merged(({ session }) => String(numberOf.get(session)))(next);
    },
  },
  {
    name: 'two visitors to a session',
    kind: 'sessions merged',
    isBlind: true,
    make: ({ next }) => {
      const numberOf = new Map(bySession(next).map(([{ session }], s) => [session, s]));
      const half = Math.ceil(numberOf.size / 2);
      return merged(({ session }) => String(numberOf.get(session)! % half))(next);
    },
  },
  {
    name: 'sessions cut into pairs at random',
    kind: 'sessions cut',
    isBlind: true,
    make: ({ next }, random) =>
      shuffle(next, random).map((view, i) => ({ ...view, session: `pair-${i >> 1}`, order: i & 1 })),
  },
  {
    name: 'ids in lower case',
    kind: 'ids rewritten',
    make: ({ next }) => everyView((view) => ({ ...view, product: view.product.toLowerCase() }))(next),
  },
  {
    name: 'ids of another system',
    kind: 'ids rewritten',
    make: ({ next }) => {
      const numberOf = new Map(productsByViews(next).map((product, i) => [product, `sku-${7_000 + i}`]));
      return next.map((view) => ({ ...view, product: numberOf.get(view.product)! }));
    },
  },
  {
    name: 'ids cut to two characters',
    kind: 'ids rewritten',
    isBlind: true,
    make: ({ next }) => everyView((view) => ({ ...view, product: view.product.slice(0, 2) }))(next),
  },
  {
    name: 'every sixth product under another id',
    kind: 'ids rewritten',
    make: ({ next }) => {
      const products = productsByViews(next);
      const renamed = new Set(products.filter((_, i) => i % 6 === 0));
      return everyView((view) => (renamed.has(view.product) ? { ...view, product: `${view.product}-v2` } : view))(next);
    },
  },
  {
    name: 'half of the views with ids in lower case',
    kind: 'ids rewritten',
    isBlind: true,
    make: ({ next }) =>
      everyView((view, i) => (i > next.length / 2 ? { ...view, product: view.product.toLowerCase() } : view))(next),
  },
  { name: 're-keyed among themselves', kind: 'ids exchanged', make: ({ next }, random) => rekeyed(next, random) },
  {
    name: 'a newer window, re-keyed',
    kind: 'ids exchanged',
    make: ({ window }, random) => rekeyed(window, random),
  },
  {
    name: 'a tenth of the ids exchanged',
    kind: 'ids exchanged',
    make: ({ next }, random) => rekeyed(next, random, 0.1),
  },
  {
    name: 'half of the ids exchanged',
    kind: 'ids exchanged',
    isBlind: true,
    make: ({ next }, random) => rekeyed(next, random, 0.5),
  },
  {
    name: 'ids off by one',
    kind: 'ids exchanged',
    make: ({ next }) =>
      everyView((view) => ({
        ...view,
        product: view.product.replace(/\d+$/, (number) => String(Number(number) + 1)),
      }))(next),
  },
  {
    name: 'a placeholder for a third of the products',
    kind: 'placeholder',
    make: ({ next }) => everyView((view, i) => (i % 3 === 0 ? { ...view, product: 'no-product' } : view))(next),
  },
  {
    name: 'no id for a third of the views, (not set) instead',
    kind: 'placeholder',
    make: ({ next }) => everyView((view, i) => (i % 3 === 0 ? { ...view, product: '(not set)' } : view))(next),
  },
  {
    name: 'a default product for a quarter of the views',
    kind: 'placeholder',
    isBlind: true,
    make: ({ next }) => everyView((view, i) => (i % 4 === 0 ? { ...view, product: 'PRODUCT-0' } : view))(next),
  },
  {
    name: 'session and product columns swapped',
    kind: 'wrong column',
    make: ({ next }) => everyView((view) => ({ ...view, session: view.product, product: view.session }))(next),
  },
  {
    name: 'the category in place of the product',
    kind: 'wrong column',
    make: ({ next }) => everyView((view) => ({ ...view, product: view.product.slice(0, 1) }))(next),
  },
  {
    name: 'the row number in place of the product',
    kind: 'wrong column',
    isBlind: true,
    make: ({ next }) => everyView((view, i) => ({ ...view, product: `row-${i % 5_000}` }))(next),
  },
  {
    name: 'no products in the last week',
    kind: 'days lost',
    make: ({ next }) => {
      const from = daysOf(next).at(-7)!;
      return everyView((view) => (view.date >= from ? { ...view, product: '' } : view))(next);
    },
  },
  {
    name: 'the last month missing',
    kind: 'days lost',
    make: ({ next }) => {
      const until = daysOf(next).at(-31)!;
      return next.filter(({ date }) => date < until);
    },
  },
  {
    name: 'the first month again',
    kind: 'days lost',
    make: ({ live }) => {
      const until = daysOf(live)[30];
      return live.filter(({ date }) => date < until);
    },
  },
  {
    name: 'half of the days in the year 2999',
    kind: 'times',
    make: ({ next }) =>
      everyView((view) => (Number(view.session) % 2 === 0 ? { ...view, date: `2999${view.date.slice(4)}` } : view))(
        next,
      ),
  },
  {
    name: 'days at random and no order',
    kind: 'times',
    make: ({ next }, random) => {
      const days = daysOf(next);
      return next.map((view) => ({ ...view, order: 1 + Math.floor(random() * 1_000), date: pick(days, random) }));
    },
  },
  {
    name: 'a shop of the same catalogue where nobody follows a path',
    kind: 'other shop',
    isBlind: true,
    make: ({ next }, random) => {
      const weighted = next.map(({ product }) => product);
      return bySession(next).flatMap((session) =>
        sessionOf(
          session[0].session,
          session[0].date,
          session.map(() => pick(weighted, random)),
        ),
      );
    },
  },
  {
    name: 'half of the rows from a shop with the same ids',
    kind: 'other shop',
    isBlind: true,
    make: ({ next }, random) => [
      ...next.filter(({ session }) => Number(session) % 2 === 0),
      ...rekeyed(
        next.filter(({ session }) => Number(session) % 2 === 1),
        random,
      ),
    ],
  },
  {
    name: 'nine of ten rows lost',
    kind: 'rows lost',
    isBlind: true,
    make: ({ next }, random) => next.filter(() => random() < 0.1),
  },
  {
    name: 'only the first two views of each session',
    kind: 'rows lost',
    isBlind: true,
    make: ({ next }) => bySession(next).flatMap((session) => session.slice(0, 2)),
  },
  {
    name: 'every view three times, once in each of three sessions',
    kind: 'rows repeated',
    isBlind: true,
    make: ({ next }, random) => [
      ...next,
      ...next.map((view) => ({ ...view, session: `a${Number(view.session) >> 3}`, order: Math.floor(random() * 99) })),
      ...next.map((view) => ({ ...view, session: `b${Number(view.session) >> 3}`, order: Math.floor(random() * 99) })),
    ],
  },
  {
    name: 'a year old, shifted to today',
    kind: 'other shop',
    isBlind: true,
    make: ({ live }, random) =>
      rekeyed(
        live.map((view) => ({ ...view, date: shiftDays(view.date, 7) })),
        random,
        0.8,
      ),
  },
];
