import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Filter, fieldsOf } from '../../../engine/catalogue/filter.ts';
import { formatFilter } from '../../../engine/catalogue/format-filter.ts';
import { parseFilter } from '../../../engine/catalogue/parse-filter.ts';
import { relaxFilter } from '../../../engine/catalogue/relax-filter.ts';

test.each([
  ['a:1', 'a', undefined],
  ['a:1', 'b', 'a:1'],
  ['a:1 AND b:1', 'a', 'b:1'],
  ['a:1 AND b:1 AND c:1', 'a', 'b:1 AND c:1'],
  // Each way to pass is still one: who need not be an `a` any more passes whatever the rest.
  ['a:1 OR b:1', 'a', undefined],
  ['(a:1 OR b:1) AND c:1', 'a', 'c:1'],
  ['NOT a:1', 'a', undefined],
  ['NOT (a:1 AND b:1)', 'a', undefined],
  ['NOT (a:1 OR b:1)', 'a', 'NOT b:1'],
  ['NOT NOT a:1 AND b:1', 'a', 'b:1'],
  ['a>1 AND a<3 AND b:1', 'a', 'b:1'],
])('%s without %s is %s', (text, field, expected) => {
  const relaxed = relaxFilter(parseFilter(text), new Set([field]));
  expect(relaxed && formatFilter(relaxed)).toBe(expected);
});

const FIELDS = ['a', 'b', 'c'];
const filter: fc.Arbitrary<Filter> = fc.letrec<{ node: Filter }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(...FIELDS).map((field) => ({ field, in: ['1'] })),
    fc.record({ and: fc.array(tie('node'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ or: fc.array(tie('node'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie('node') }),
  ),
})).node;

/** Whether a product passes whose fields in `having` are 1. */
function passes(tree: Filter, having: ReadonlySet<string>): boolean {
  if ('and' in tree) return tree.and.every((part) => passes(part, having));
  if ('or' in tree) return tree.or.some((part) => passes(part, having));
  return 'not' in tree ? !passes(tree.not, having) : having.has(tree.field);
}

test('whatever passed still passes, and the fields are not asked about any more', () => {
  fc.assert(
    fc.property(filter, fc.subarray(FIELDS), fc.subarray(FIELDS), (tree, given, having) => {
      const relaxed = relaxFilter(tree, new Set(given));
      const product = new Set(having);
      if (relaxed === undefined) return;
      expect(given.some((field) => fieldsOf(relaxed).has(field))).toBe(false);
      if (passes(tree, product)) expect(passes(relaxed, product)).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});
