import type { apiOf } from '../../api/client.ts';
import { factsOf } from '../../parts/product-facts.ts';
import { categoryColour, rampColour } from './point-colours.ts';

/** Colours by what the catalogue says, and the legend that explains them. */
export interface CatalogueColours {
  colourOf(productId: string): string;
  legend: { name: string; colour: string }[];
}

/** Of a larger catalogue the most viewed products are coloured: a page of the API has 1,000. */
const PAGES = 20;
const PAGE = 1_000;
const MOST_CATEGORIES = 11;
const UNKNOWN = '#8a8f99';

export async function loadCatalogueColours(
  kind: 'category' | 'price',
  api: ReturnType<typeof apiOf>,
  signal: AbortSignal,
): Promise<CatalogueColours> {
  const fields = kind === 'category' ? ['product_type'] : ['price'];
  const facts = new Map<string, ReturnType<typeof factsOf>>();
  let cursor: string | undefined;
  for (let page = 0; page < PAGES && (page === 0 || cursor !== undefined); page++) {
    const { items, nextCursor } = await api.products({ limit: PAGE, fields, cursor }, signal);
    for (const { productId, fields: shown } of items) facts.set(productId, factsOf(shown));
    cursor = nextCursor ?? undefined;
  }
  return kind === 'category' ? byCategory(facts) : byPrice(facts);
}

type Facts = ReadonlyMap<string, ReturnType<typeof factsOf>>;

function byCategory(facts: Facts): CatalogueColours {
  const counts = new Map<string, number>();
  for (const { category } of facts.values()) if (category) counts.set(category, (counts.get(category) ?? 0) + 1);
  const names = [...counts].sort((a, b) => b[1] - a[1]).map(([name]) => name);
  const colours = new Map(names.slice(0, MOST_CATEGORIES).map((name, i) => [name, categoryColour(i)]));
  const legend = [...colours].map(([name, colour]) => ({ name, colour }));
  if (names.length > MOST_CATEGORIES || counts.size === 0) legend.push({ name: 'others and unknown', colour: UNKNOWN });
  return { colourOf: (id) => colours.get(facts.get(id)?.category ?? '') ?? UNKNOWN, legend };
}

function byPrice(facts: Facts): CatalogueColours {
  const prices = [...facts.values()].flatMap(({ price }) => price ?? []).sort((a, b) => a - b);
  // A few that cost ten times as much would make all others one colour.
  const at = (share: number) => prices[Math.floor(share * (prices.length - 1))] ?? 0;
  const [low, high] = [at(0.02), at(0.98)];
  const shareOf = (price: number) => (high === low ? 0.5 : (price - low) / (high - low));
  return {
    colourOf: (id) => {
      const price = facts.get(id)?.price;
      return price === undefined ? UNKNOWN : rampColour(shareOf(price));
    },
    legend: [0, 0.25, 0.5, 0.75, 1].map((share) => ({
      name: `${share === 0 ? '≤ ' : share === 1 ? '≥ ' : ''}${(low + share * (high - low)).toFixed(2)}`,
      colour: rampColour(share),
    })),
  };
}
