import { describe, expect, test } from 'vitest';
import { readRules } from '../../../engine/rules/read-rules.ts';
import { validityOf } from '../../../engine/rules/rules-file.ts';

const COMMON = { id: 'spring', author: 'Ana', note: 'spring sale' };
const EXCLUDE = { ...COMMON, type: 'exclude', products: 'brand:Acme' };
const read = (file: unknown) => readRules(JSON.stringify(file), 'rules.json');

describe('a file of rules', () => {
  test('is read with its filters compiled and its defaults in', () => {
    const file = read({
      placements: { home: { strategy: 'popularity', count: 8, filter: 'availability:in_stock' } },
      rules: [
        { ...EXCLUDE, products: ['a', 'b'], when: { field: 'price', lt: 3 }, placements: ['home'] },
        { ...COMMON, id: 'own', type: 'boost', products: 'brand:Own', factor: 2 },
      ],
    });
    expect(file).toEqual({
      timeZone: 'UTC',
      placements: {
        home: { strategy: 'popularity', count: 8, filter: { field: 'availability', in: ['in_stock'] } },
      },
      rules: [
        {
          ...EXCLUDE,
          products: { ids: ['a', 'b'] },
          when: { filter: { field: 'price', lt: 3 } },
          placements: ['home'],
        },
        { ...COMMON, id: 'own', type: 'boost', products: { filter: { field: 'brand', in: ['Own'] } }, factor: 2 },
      ],
    });
  });

  test('may be empty', () => {
    expect(read({})).toEqual({ timeZone: 'UTC', placements: {}, rules: [] });
  });

  const many = (count: number, make: (i: number) => unknown) => Array.from({ length: count }, (_, i) => make(i));
  test.each<[string, unknown]>([
    ['no id in a list', { rules: [{ ...EXCLUDE, products: [] }] }],
    ['too many ids', { rules: [{ ...EXCLUDE, products: many(10_001, String) }] }],
    ['an id that is a number', { rules: [{ ...EXCLUDE, products: ['a', 7] }] }],
    ['an empty id', { rules: [{ ...EXCLUDE, when: [''] }] }],
    ['products of another kind', { rules: [{ ...EXCLUDE, products: true }] }],
    ['too many rules', { rules: many(501, (i) => ({ ...EXCLUDE, id: `r${i}` })) }],
    ['a rule of another kind', { rules: [null] }],
    ['too many placements of a rule', { rules: [{ ...EXCLUDE, placements: many(101, (i) => `p${i}`) }] }],
    ['no placement of a rule', { rules: [{ ...EXCLUDE, placements: [] }] }],
    ['a name of another kind', { rules: [{ ...EXCLUDE, placements: [7] }] }],
    ['too much to relax', { placements: { home: { relax: many(21, String) } } }],
    ['nothing to relax', { placements: { home: { relax: [''] } } }],
    ['rules of a placement of another kind', { placements: { home: { rules: [7] } } }],
    ['a filter of another kind', { placements: { home: { filter: 7 } } }],
    ['placements as a list', { placements: [] }],
    ['a schema of another kind', { $schema: 7 }],
  ])('GIVEN %s THEN what is allowed is said in words of ours', (_, file) => {
    expect(() => read(file)).toThrow(/: found .+; allowed is /);
    expect(() => read(file)).not.toThrow(/Too (small|big)|expected|[Ii]nvalid|>=|<=/);
  });

  test.each<[unknown, string]>([
    [[], 'the file: found a list of 0; allowed is an object with placements and rules.'],
    [{ placments: {} }, 'Did you mean "placements"?'],
    [{ placements: { 'Home page': {} } }, 'placements.Home page: found this name; allowed is the name of a placement:'],
    [
      { placements: { home: { strategy: 'blnd' } } },
      'placements.home.strategy: found "blnd"; allowed is one of blend,',
    ],
    [{ placements: { home: { cuont: 1 } } }, 'placements.home: found an unknown field "cuont"'],
    [{ rules: [{ ...EXCLUDE, type: 'exclud' }] }, 'rules[0] "spring".type: found "exclud"; allowed is one of require,'],
    [{ rules: [{ ...EXCLUDE, type: 'exclud' }] }, 'Did you mean "exclude"?'],
    [
      { rules: [null] },
      'rules[0]: found null; allowed is an object with id, type, author, note and what its type asks',
    ],
    [{ rules: [[EXCLUDE]] }, 'rules[0]: found a list of 1; allowed is an object with id, type,'],
    [{ $schema: 1 }, '$schema: found 1; allowed is the path or address of the JSON schema.'],
    [{ rules: [{ ...EXCLUDE, prodcts: [] }] }, 'Did you mean "products"?'],
    [
      { rules: [{ ...EXCLUDE, products: 'price<<2' }] },
      'rules[0] "spring".products: The filter is not valid at character 7',
    ],
    [
      { rules: [{ ...EXCLUDE, products: 7 }] },
      'rules[0] "spring".products: found 7; allowed is a filter (text or tree), or a list',
    ],
    [{ rules: [{ ...EXCLUDE, note: ' ' }] }, 'rules[0] "spring".note: found ""; allowed is what it is for: text'],
    [{ rules: [{ ...EXCLUDE, type: 'boost' }] }, 'rules[0] "spring": found neither "factor" nor "add"'],
    [{ rules: [{ ...EXCLUDE, type: 'bury', factor: 0.5, add: -1 }] }, 'found both "factor" and "add"'],
    [{ rules: [{ ...EXCLUDE, type: 'boost', factor: 0.5 }] }, 'found 0.5; allowed is a number from 1 to 1000.'],
    [
      { rules: [{ ...COMMON, type: 'pin', product: 'a', position: 0 }] },
      'position: found 0; allowed is a whole number from 1',
    ],
    [{ rules: [{ ...EXCLUDE, until: '2026-02-30' }] }, 'until: found "2026-02-30"; allowed is a day such as'],
    [{ rules: [EXCLUDE, EXCLUDE] }, 'rules[1] "spring".id: found "spring"; allowed is an id that no other rule has.'],
    [
      { rules: [{ ...EXCLUDE, when: 'brand:@' }] },
      'rules[0] "spring".when: found a filter with "@"; allowed is one without',
    ],
    [{ rules: [{ ...EXCLUDE, timeZone: 'Berlin' }] }, 'timeZone: found "Berlin"; allowed is a time zone such as'],
  ])('%j is refused', (file, expected) => {
    expect(() => read(file)).toThrow(expected);
  });

  test.each<[string, object, string]>([
    [
      'fields to relax',
      { placements: { home: { relax: Array(21).fill('price') } } },
      'placements.home.relax: found a list of 21; allowed is a list of up to 20 names of catalogue fields.',
    ],
    [
      'rules of a placement',
      { placements: { home: { rules: Array(501).fill('a') } } },
      'placements.home.rules: found a list of 501; allowed is a list of up to 500 ids of rules.',
    ],
    [
      'placements of a rule',
      { rules: [{ ...EXCLUDE, placements: Array(101).fill('home') }] },
      'rules[0] "spring".placements: found a list of 101; allowed is a list of up to 100 names of placements.',
    ],
    [
      'values',
      { rules: [{ ...EXCLUDE, products: { not: { field: 'price', in: Array(1_001).fill('1') } } }] },
      'rules[0] "spring".products: The filter is too large: a field has more than 1000 values.',
    ],
  ])('too many %s are refused with the limit', (_, file, expected) => {
    expect(() => read(file)).toThrow(expected);
  });

  test('says where the JSON breaks off', () => {
    expect(() => readRules('{"rules": [', 'rules.json')).toThrow(/^rules\.json is not JSON: .+\.$/);
  });

  test('tells of ten faults and counts the rest', () => {
    const file = { rules: Array.from({ length: 15 }, (_, i) => ({ ...EXCLUDE, id: `rule-${i}`, note: '' })) };
    expect(() => read(file)).toThrow('and 5 more.');
  });
});

test('a rule of days lasts to the end of the last one, in its own time zone or the file’s', () => {
  const days = { from: '2026-11-27', until: '2026-11-30' };
  expect(validityOf(days, 'Europe/Berlin')).toEqual({
    fromMs: Date.UTC(2026, 10, 26, 23),
    untilMs: Date.UTC(2026, 10, 30, 23),
  });
  expect(validityOf({ ...days, timeZone: 'UTC' }, 'Europe/Berlin')).toEqual({
    fromMs: Date.UTC(2026, 10, 27),
    untilMs: Date.UTC(2026, 11, 1),
  });
  expect(validityOf({}, 'UTC')).toEqual({ fromMs: Number.NEGATIVE_INFINITY, untilMs: Number.POSITIVE_INFINITY });
});
