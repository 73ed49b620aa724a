import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KIND_NUMBER } from '../../../engine/clicks/event-kinds.ts';
import { foldsOf } from '../../../engine/evaluation/folds.ts';
import { positionsOf } from '../../../engine/evaluation/positions.ts';
import { askedViews, type Question } from '../../../engine/evaluation/question.ts';
import { splitAt } from '../../../engine/evaluation/split.ts';
import { corpusOf, sessionsOf } from '../ranking/example-index.ts';

const [a, b, c, d] = [0, 1, 2, 3];
const { view, cart, purchase } = KIND_NUMBER;

function questions(sessions: number[][], kinds: number[] | undefined, question: Question) {
  const asked = { ...sessionsOf(sessions), kinds: kinds && Uint8Array.from(kinds) };
  const positions = positionsOf({ ...asked, isAsked: askedViews(asked, question) }, 1_000);
  return [...positions].map(({ viewed, target }) => [viewed, target]);
}

describe('what is viewed next', () => {
  test('is asked of views, not of carts and purchases, which stand among what was before', () => {
    const kinds = [view, cart, view, purchase, view];
    expect(questions([[a, a, b, a, c]], kinds, 'view')).toEqual([
      [[a, a], b],
      [[a, a, b, a], c],
    ]);
  });

  test('is asked of every row where none is a view, and where nothing is known of the events', () => {
    const all = [
      [[a], b],
      [[a, b], c],
    ];
    expect(questions([[a, b, c]], [purchase, cart, purchase], 'view')).toEqual(all);
    expect(questions([[a, b, c]], undefined, 'view')).toEqual(all);
  });
});

describe('what is bought', () => {
  test('is asked before its first view, once a product', () => {
    // a is bought, too, and nothing stands before it. b is viewed twice, d only viewed.
    const kinds = [view, view, view, view, purchase, purchase, view, purchase];
    expect(questions([[a, b, d, b, b, a, c, c]], kinds, 'purchase')).toEqual([
      [[a], b],
      [[a, b, d, b, b, a], c],
    ]);
  });

  test('is asked at a purchase without a view before it', () => {
    expect(questions([[a, b]], [view, purchase], 'purchase')).toEqual([[[a], b]]);
  });

  test('is nothing without purchases', () => {
    expect(questions([[a, b]], [view, cart], 'purchase')).toEqual([]);
    expect(questions([[a, b]], undefined, 'purchase')).toEqual([]);
  });

  test('is, in any sessions, each bought product with all that stands before its first row', () => {
    const row = fc.tuple(fc.nat(4), fc.nat(2));
    const session = fc.array(row, { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(fc.array(session, { minLength: 1, maxLength: 5 }), (sessions) => {
        const expected = sessions.flatMap((rows) => {
          const products = rows.map(([product]) => product);
          const bought = new Set(rows.filter(([, kind]) => kind === purchase).map(([product]) => product));
          return products.flatMap((product, i) =>
            i > 0 && products.indexOf(product) === i && bought.has(product) ? [[products.slice(0, i), product]] : [],
          );
        });
        const kinds = sessions.flat().map(([, kind]) => kind);
        const products = sessions.map((rows) => rows.map(([product]) => product));
        expect(questions(products, kinds, 'purchase')).toEqual(expected);
      }),
    );
  });
});

describe('a split', () => {
  const corpus = {
    ...corpusOf(
      ['a', 'b', 'c', 'd'],
      [9, 9, 9, 9],
      [
        [a, b],
        [b, d, a, a],
        [b, a],
      ],
    ),
    weights: Float32Array.of(1, 3, 1, 5, 1, 5, 1, 1),
    kinds: Uint8Array.of(view, cart, view, purchase, view, purchase, view, view),
  };

  test('counts the earlier sessions by their weights, and keeps what is known of each view', () => {
    const { train } = splitAt(corpus, 1);
    expect(train.productIds).toEqual(['b', 'a']);
    expect([...train.viewCounts]).toEqual([3, 1]);
    expect([...train.weights!]).toEqual([1, 3]);
    expect([...train.kinds!]).toEqual([view, cart]);
  });

  test('asks what was asked for, without products that nobody knew', () => {
    // d is bought before anybody viewed it.
    const { later } = splitAt(corpus, 1, 'purchase');
    expect([...later.views]).toEqual([0, 1, 1, 0, 1]);
    expect([...later.weights!]).toEqual([1, 1, 5, 1, 1]);
    expect([...later.isAsked!]).toEqual([0, 1, 0, 0, 0]);
    expect([...splitAt(corpus, 1).later.isAsked!]).toEqual([1, 1, 0, 1, 1]);
  });

  test('into folds asks it in each', () => {
    const asked = [...foldsOf(corpus, 'purchase')].map(({ later }) => [...(later.isAsked ?? [])]);
    // Three sessions in five folds; the second is the one that buys.
    expect(asked.flat().reduce((sum, is) => sum + is, 0)).toBe(1);
  });
});
