import type { ParquetColumn } from '../../engine/artifacts/parquet.ts';
import type { Corpus, Sessions } from '../../engine/clicks/corpus.ts';

/** The dataset `sequential_products`, with the seed's column names: one row a session, in the corpus's order. */
export function sequenceColumns(corpus: Corpus, { offsets, views }: Sessions): ParquetColumn[] {
  const { sessionIds, productIds } = corpus;
  const sequenceOf = (session: number) =>
    Array.from(views.subarray(offsets[session], offsets[session + 1]), (product) => productIds[product]);
  return [
    { name: 'session_id', type: 'STRING', values: sessionIds },
    {
      name: 'chronological_product_sequence',
      type: 'STRING_LIST',
      values: { length: sessionIds.length, at: sequenceOf },
    },
  ];
}

/** @param sequences without immediate repeats. */
export function countSequences({ offsets, views }: Sessions) {
  let ofOneProduct = 0;
  for (let s = 0; s + 1 < offsets.length; s++) if (offsets[s + 1] - offsets[s] === 1) ofOneProduct++;
  return { sequences: offsets.length - 1, sequencesOfOneProduct: ofOneProduct, sequenceViews: views.length };
}
