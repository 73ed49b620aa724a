import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Filter, readFilter } from '../../../engine/catalogue/filter.ts';
import { formatFilter } from '../../../engine/catalogue/format-filter.ts';
import { parseFilter } from '../../../engine/catalogue/parse-filter.ts';

const own = (field: string, times?: number) => ({ own: field, ...(times !== undefined && { times }) });

describe('the string form', () => {
  test.each<[string, Filter]>([
    ['brand:Acme', { field: 'brand', in: ['Acme'] }],
    [
      'not:or OR and>2',
      {
        or: [
          { field: 'not', in: ['or'] },
          { field: 'and', gt: 2 },
        ],
      },
    ],
    ['brand:Acme,"Bolt & Co"', { field: 'brand', in: ['Acme', 'Bolt & Co'] }],
    ['product_type:@', { field: 'product_type', in: [own('product_type')] }],
    ['price<=1.5*@price', { field: 'price', lte: own('price', 1.5) }],
    ['price<=1.5*@', { field: 'price', lte: own('price', 1.5) }],
    ['price > -3', { field: 'price', gt: -3 }],
    ['price:10..20', { field: 'price', gte: 10, lte: 20 }],
    ['price:..20', { field: 'price', lte: 20 }],
    ['size:"10..20"', { field: 'size', in: ['10..20'] }],
    ['NOT "two words":"say \\"hi\\""', { not: { field: 'two words', in: ['say "hi"'] } }],
    [
      'availability:in_stock AND price<=1.5*@price AND product_type:@ AND NOT brand:Acme',
      {
        and: [
          { field: 'availability', in: ['in_stock'] },
          { field: 'price', lte: own('price', 1.5) },
          { field: 'product_type', in: [own('product_type')] },
          { not: { field: 'brand', in: ['Acme'] } },
        ],
      },
    ],
    // AND binds closer than OR.
    [
      'a:1 OR b:2 AND c:3',
      {
        or: [
          { field: 'a', in: ['1'] },
          {
            and: [
              { field: 'b', in: ['2'] },
              { field: 'c', in: ['3'] },
            ],
          },
        ],
      },
    ],
    [
      '(a:1 OR b:2) AND c:3',
      {
        and: [
          {
            or: [
              { field: 'a', in: ['1'] },
              { field: 'b', in: ['2'] },
            ],
          },
          { field: 'c', in: ['3'] },
        ],
      },
    ],
  ])('%s', (text, filter) => {
    expect(parseFilter(text)).toEqual(filter);
  });

  test.each([
    ['', 'at character 1: found the end; allowed is a field'],
    ['brand', 'at character 6, after "brand": found the end; allowed is ":"'],
    ['brand:', 'at character 7, after "brand:": found the end; allowed is a value'],
    ['brand:Acme)', 'at character 11, after "brand:Acme": found ")"; allowed is "AND", "OR" or the end'],
    ['(brand:Acme', 'at character 12, after "(brand:Acme": found the end; allowed is ")"'],
    ['brand:"Acme', 'found the end; allowed is a closing quote'],
    ['price<cheap', 'at character 7, after "price<": found "c"; allowed is a number'],
    ['price<2*3', 'at character 9, after "price<2*": found "3"; allowed is "@" after a factor'],
    ['a:1 AND AND b:2', 'at character 9, after "a:1 AND ": found "A"; allowed is a field'],
    ['a:1 b:2', 'at character 5, after "a:1 ": found "b"; allowed is "AND", "OR" or the end'],
    [
      'a:1 and b:2',
      'at character 5, after "a:1 ": found "and"; allowed is "AND", "OR" or the end; AND, OR and NOT are written in capitals',
    ],
    [
      '(a:1 Or b:2)',
      'at character 6, after "(a:1 ": found "Or"; allowed is ")", "AND" or "OR"; AND, OR and NOT are written in capitals',
    ],
    [
      'not a:1',
      'at character 1: found "not"; allowed is a field, "NOT" or "("; AND, OR and NOT are written in capitals',
    ],
    ['not', 'at character 4, after "not": found the end; allowed is ":"'],
    ['👟=1', 'found "="; allowed is ":"'],
    ['a:👟 ❗:', 'found "❗"'],
    ['"":1', 'not empty quotes'],
  ])('points at what is wrong in %j', (text, message) => {
    expect(() => parseFilter(text)).toThrow(message);
  });

  test.each([
    ['characters', 'a:1'.padEnd(9_000)],
    ['conditions', Array.from({ length: 101 }, () => 'a:1').join(' OR ')],
    ['deep', `${'('.repeat(30)}a:1${')'.repeat(30)}`],
    ['deep', `${'NOT '.repeat(30)}a:1`],
    ['values', `a:${Array.from({ length: 1_500 }, () => '1').join()}`],
    ['a word', `a:${'x'.repeat(600)}`],
  ])('bounds its %s', (what, text) => {
    expect(() => parseFilter(text)).toThrow(what);
    expect(() => parseFilter(text)).toThrow('The filter is too large');
  });
});

describe('text without quotes', () => {
  const FIELDS = new Map([
    ['brand', { type: 'facet' as const }],
    ['größe', { type: 'facet' as const }],
    ['price', { type: 'number' as const }],
  ]);

  test.each([
    'Acme',
    'a-b_c.d/e',
    '42.5',
    'Größe',
    'Ångström',
    'e\u0301t\u00e9',
    '日本語',
    'зима',
    'कपड़े',
    'خانه\u200cها',
    '４２',
    '½',
  ])('is letters and digits of any script, and -_./: %s', (value) => {
    expect(parseFilter(`brand:${value} OR größe:x,${value}`, FIELDS)).toEqual({
      or: [
        { field: 'brand', in: [value] },
        { field: 'größe', in: ['x', value] },
      ],
    });
  });

  const ODD = [..."'$;|[]{}!?%&+#~^`´\\€’–·🙂"];
  test.each(
    ODD.flatMap((sign) => [
      `brand:${sign}Sola`,
      `brand:a,b${sign}c`,
      `bra${sign}nd:x`,
      `price:5${sign}`,
      `brand:@${sign}`,
    ]),
  )('is refused with another sign, and taken in quotes: %s', (text) => {
    const at = text.search(/[^\w:,@]/);
    expect(() => parseFilter(text, FIELDS)).toThrow(
      `at character ${at + 1}, after ${JSON.stringify(text.slice(0, at))}: found ${JSON.stringify([...text.slice(at)][0])}`,
    );
    expect(() => parseFilter(text, FIELDS)).toThrow(
      'allowed is letters, digits and -_./; put text with other signs in double quotes',
    );
  });

  test('is written only where a request may send it', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...ODD, "O'Neill", 'H&M', 'größe'));
    fc.assert(
      fc.property(text, (value) => {
        const filter = { field: 'brand', in: [value] };
        expect(parseFilter(formatFilter(filter), FIELDS)).toEqual(filter);
      }),
    );
    expect(formatFilter({ field: 'größe', in: ['O’Neill', '日本-1.5_a/b'] })).toBe('größe:"O’Neill",日本-1.5_a/b');
  });

  test('of rules that were stored is read as it was when they were written', () => {
    expect(parseFilter("brand:O'Neill,H&M,100%")).toEqual({ field: 'brand', in: ["O'Neill", 'H&M', '100%'] });
  });
});

describe('the JSON form', () => {
  test('bounds its values', () => {
    const withValues = (count: number) => ({ not: { field: 'a', in: Array(count).fill('1') } });
    expect(readFilter(withValues(1_000))).toEqual(withValues(1_000));
    expect(() => readFilter(withValues(1_001))).toThrow(
      'The filter is too large: a field has more than 1000 values. Ask for less',
    );
  });

  test('numbers and booleans are text in a list; groups of one are what they hold', () => {
    expect(readFilter({ and: [{ field: 'size', in: [42, true] }] })).toEqual({ field: 'size', in: ['42', 'true'] });
  });

  test('bounds that no single condition of the string form says become two', () => {
    expect(readFilter({ field: 'price', gt: 1, lt: { own: 'price' } })).toEqual({
      and: [
        { field: 'price', gt: 1 },
        { field: 'price', lt: { own: 'price' } },
      ],
    });
  });

  test('a range of which a further bound is given is no single condition either', () => {
    expect(readFilter({ field: 'price', gte: 0, lt: 60, lte: 25 })).toEqual({
      and: [
        { field: 'price', gte: 0 },
        { field: 'price', lt: 60 },
        { field: 'price', lte: 25 },
      ],
    });
  });

  test.each([
    [null, '"filter"'],
    [[], '"filter"'],
    [{}, '"filter"'],
    [{ and: [] }, '"filter.and"'],
    [{ and: [{ field: 'a', in: ['1'] }, { or: 3 }] }, '"filter.and[1].or"'],
    [{ not: { field: 'a' } }, '"filter.not"'],
    [{ field: 'a', in: [] }, '"filter"'],
    [{ field: 'a', in: ['x'], gt: 3 }, '"filter"'],
    [{ field: 'a', gt: Number.NaN }, '"filter"'],
    [{ and: [{ field: 'a', in: ['1'] }], or: [] }, '"filter"'],
  ])('%j is refused at its place', (json, place) => {
    expect(() => readFilter(json)).toThrow(`The filter is not valid at ${place}`);
  });
});

test('what is nested too deeply to be shown is refused like any other', () => {
  let [list, object]: unknown[] = ['a', 'a'];
  for (let depth = 0; depth < 50_000; depth++) [list, object] = [[list], { a: object }];
  expect(() => readFilter({ field: list })).toThrow('an object that is nested too deeply');
  expect(() => readFilter({ and: object })).toThrow('The filter is not valid at');
  expect(() => readFilter(list)).toThrow('a list that is nested too deeply');
});

const name = fc.oneof(
  fc.constantFrom('price', 'brand', 'AND', '10..20', 'a"b\\', '@'),
  fc.string({ minLength: 1, maxLength: 12 }),
);
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? 0 : value));
const ownValue = name.map((field) => own(field));
const bound = fc.oneof(
  number,
  ownValue,
  fc.tuple(name, number).map(([field, times]) => own(field, times)),
);
const condition = fc.oneof(
  fc.record({
    field: name,
    in: fc.array(fc.oneof(fc.string({ maxLength: 12 }), ownValue), { minLength: 1, maxLength: 4 }),
  }),
  fc.record({ field: name, gte: number, lte: number }),
  fc.tuple(name, fc.constantFrom('gt', 'gte', 'lt', 'lte'), bound).map(([field, side, b]) => ({ field, [side]: b })),
);
const tree: fc.Arbitrary<unknown> = fc.letrec((node) => ({
  filter: fc.oneof(
    { maxDepth: 4 },
    condition,
    fc.record({ and: fc.array(node('filter'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ or: fc.array(node('filter'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: node('filter') }),
  ),
})).filter;

test('string and JSON say the same: a tree becomes text and comes back unchanged', () => {
  fc.assert(
    fc.property(tree, (json) => {
      const filter = readFilter(json);
      expect(parseFilter(formatFilter(filter))).toEqual(filter);
      expect(readFilter(JSON.parse(JSON.stringify(filter)))).toEqual(filter);
    }),
    { numRuns: 1_000 },
  );
});
