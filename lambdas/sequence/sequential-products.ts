import type { CodedLists } from '../../engine/artifacts/coded-lists-parquet.ts';
import type { CorpusIds, Sessions } from '../../engine/clicks/corpus.ts';

/** The dataset `sequential_products`, with the seed's column names: one row a session, in the corpus's order. */
export function sequenceColumns({ sessions, products }: CorpusIds, { offsets, views }: Sessions): CodedLists {
  return {
    names: ['session_id', 'chronological_product_sequence'],
    texts: sessions,
    offsets,
    codes: views,
    dictionary: products,
  };
}

/** @param sequences without immediate repeats. */
export function countSequences({ offsets, views }: Sessions) {
  let ofOneProduct = 0;
  for (let s = 0; s + 1 < offsets.length; s++) if (offsets[s + 1] - offsets[s] === 1) ofOneProduct++;
  return { sequences: offsets.length - 1, sequencesOfOneProduct: ofOneProduct, sequenceViews: views.length };
}
