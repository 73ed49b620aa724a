export interface RankedProduct {
  product: number;
  /** Comparable only among items of the same answer and source. Of a popular product: its share of all views; of a pinned one: 0. */
  score: number;
  source: 'model' | 'trending' | 'attributes' | 'popular' | 'pinned';
}
