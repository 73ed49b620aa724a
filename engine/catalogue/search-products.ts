import { type Catalogue, type Field, valuesAt } from './catalogue.ts';

/** What is looked through: made when it is first searched, kept as long as the list of ids. */
interface SearchTexts {
  title: Field | undefined;
  /** (productCount) folded: without accents, in small letters, with the signs of a plain keyboard */
  ids: string[];
  titles: string[];
}

const made = new WeakMap<readonly string[], SearchTexts>();

/**
 * Finds products by what somebody types: every word must stand in the id or the title, in small or capital letters, with
 * or without accents, ß as ss, ø as o, quotes straight or curly. The product whose id it is comes first, then ids that begin so, then titles in which every word
 * begins a word, then the rest; equal ones in their order.
 *
 * @param productIds (productCount) @param catalogue whose rows begin with these products; undefined: there are no titles.
 * @returns numbers of products, those of `productIds`.
 */
export function searchProducts(
  productIds: readonly string[],
  catalogue: Catalogue | undefined,
  query: string,
): number[] {
  const { ids, titles } = textsOf(productIds, catalogue);
  const whole = fold(query).trim();
  const words = whole.split(/\s+/);
  const tiers: number[][] = [[], [], [], []];
  for (let product = 0; product < ids.length; product++) {
    const [id, title] = [ids[product], titles[product]];
    if (!words.every((word) => id.includes(word) || title.includes(word))) continue;
    const tier = id === whole ? 0 : id.startsWith(whole) ? 1 : words.every((word) => beginsWord(title, word)) ? 2 : 3;
    tiers[tier].push(product);
  }
  return tiers.flat();
}

function textsOf(productIds: readonly string[], catalogue: Catalogue | undefined): SearchTexts {
  const title = catalogue?.fields.get('title');
  let texts = made.get(productIds);
  if (texts === undefined || texts.title !== title) {
    const titles = productIds.map((_, row) => (title === undefined ? '' : fold(String(valuesAt(title, row)[0] ?? ''))));
    texts = { title, ids: productIds.map(fold), titles };
    made.set(productIds, texts);
  }
  return texts;
}

/** Small letters that people write in another way, and that are no letter with an accent to Unicode. */
const WRITTEN_AS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ŧ: 't',
  ı: 'i',
  ς: 'σ',
  '‘': "'",
  '’': "'",
  ʼ: "'",
  '“': '"',
  '”': '"',
  '„': '"',
  '‐': '-',
  '–': '-',
};
const OTHERWISE_WRITTEN = new RegExp(`[${Object.keys(WRITTEN_AS).join('')}]`, 'g');

function fold(text: string): string {
  const small = text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
  return small.replaceAll(OTHERWISE_WRITTEN, (sign) => WRITTEN_AS[sign]);
}

function beginsWord(title: string, word: string): boolean {
  for (let at = title.indexOf(word); at !== -1; at = title.indexOf(word, at + 1)) {
    if (at === 0 || /[^\p{L}\p{N}]/u.test(title[at - 1])) return true;
  }
  return false;
}
