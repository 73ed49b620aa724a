import { expect, it } from 'vitest';
import { joinCatalogue } from '../../../engine/catalogue/join.ts';
import { readRules } from '../../../engine/rules/read-rules.ts';
import type { LiveData } from '../../../lambdas/recommend/live-data.ts';
import { previewDraft, previewText } from '../../../scripts/rules/preview.ts';
import { walkingIndex } from '../../engine/ranking/walking-index.ts';
import { catalogueOf } from '../../support/published-catalogue.ts';

const index = walkingIndex(12, 40);
const FEED = index.productIds.map((id, i) => ({
  id,
  title: `Shirt\n${i}`,
  brand: i % 2 === 0 ? 'Acme' : 'Own',
  price: `${10 + i}`,
  availability: 'in_stock',
}));
const data: LiveData = {
  model: { version: 'run-1', publishedAt: null, index, failure: undefined },
  catalogue: joinCatalogue(catalogueOf(FEED), index.productIds),
  rules: undefined,
};
const [QUERY] = index.productIds;
const SIGNED = { author: 'Ana', note: 'test' };

function preview(rules: object[], placement: object = {}, live = data) {
  const file = readRules(
    JSON.stringify({
      placements: { home: { count: 3, ...placement } },
      rules: rules.map((rule) => ({ ...SIGNED, ...rule })),
    }),
    'rules.json',
  );
  const draft = { path: 'rules.json', json: {}, file };
  return previewDraft(live, draft, { productId: QUERY, placement: 'home', count: undefined, nowMs: 0 });
}
const LIVE = preview([]).live.map(({ productId }) => productId);

it.each([
  ['a rule that keeps it out', { id: 'out', type: 'exclude', products: [LIVE[0]] }, 'exclude "out"'],
  ['a rule that lowers it', { id: 'low', type: 'bury', products: [LIVE[0]], factor: 0.001 }, 'bury "low"'],
])('GIVEN %s THEN what is gone is gone because of it', (_, rule, because) => {
  expect(preview([rule]).gone).toMatchObject([{ productId: LIVE[0], because }]);
});

it('GIVEN a rule that mixes THEN what it holds back is not said to rank lower', () => {
  const colourOf = (id: string) => (LIVE.includes(id) ? 'red' : 'blue');
  const feed = FEED.map((row) => ({ ...row, color: colourOf(row.id) }));
  const coloured = { ...data, catalogue: joinCatalogue(catalogueOf(feed), index.productIds) };
  const mix = { id: 'mix', type: 'diversify', field: 'color', most: 1, first: 2 };
  const { gone, draft } = preview([mix], {}, coloured);
  expect(draft.map(({ productId }) => colourOf(productId))).toEqual(['red', 'blue', 'red']);
  expect(gone).toMatchObject([{ productId: LIVE[2], because: 'diversify "mix"' }]);
});

it('GIVEN a filter, or a pin that takes a place THEN each is told from the other', () => {
  const own = FEED.filter(({ brand }) => brand === 'Own').map(({ id }) => id);
  const filtered = preview([], { filter: 'brand:Acme' }).gone;
  expect(filtered.map(({ because }) => because)).toEqual(
    LIVE.filter((id) => own.includes(id)).map(() => "it does not pass the placement's filter"),
  );
  const last = index.productIds.find((id) => id !== QUERY && !LIVE.includes(id))!;
  expect(preview([{ id: 'first', type: 'pin', product: last, position: 1 }]).gone).toMatchObject([
    { productId: LIVE[2], because: 'others stand before it' },
  ]);
});

it('GIVEN a title of two lines THEN each product keeps its line', () => {
  const text = previewText(preview([]));
  expect(text).toMatch(new RegExp(`1 +${LIVE[0]} Shirt \\d+ +${LIVE[0]} Shirt`));
});
