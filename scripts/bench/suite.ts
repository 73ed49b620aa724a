import type { PythonModule } from './python.ts';

/** A script of this folder as `npm run bench` runs it: with its own defaults, unless quickly. */
export interface Benchmark {
  name: string;
  title: string;
  /** Without these nothing is left to measure. */
  python: readonly PythonModule[];
  /** Gets `--data` with the e-shop file; `required`: there is nothing to measure without it. */
  eshop?: 'required' | 'optional';
  /** In a minute or two altogether: they show that everything runs, not how fast. */
  quickArgs: readonly string[];
}

/** In the order in which they run. */
export const SUITE: readonly Benchmark[] = [
  {
    name: 'layer-run',
    title: "A whole run with the seed's settings, beside pandas + gensim + scikit-learn",
    python: ['pandas', 'pyarrow', 'gensim', 'sklearn'],
    eshop: 'required',
    quickArgs: ['--rounds', '1'],
  },
  {
    name: 'tuned-run',
    title: 'A whole run with the default settings: time, and how busy the cores are',
    python: [],
    eshop: 'optional',
    quickArgs: ['--sizes', '5000x500'],
  },
  {
    name: 'sequences',
    title: 'From a clickstream file to sequences, beside pandas and polars: sizes, formats, columns, files',
    python: [],
    eshop: 'optional',
    quickArgs: ['--rounds', '1', '--sessions', '2000,20000', '--products', '500,2000', '--shape-rows', '5000'],
  },
  {
    name: 'word2vec-speed',
    title: 'Word2Vec training speed, beside gensim, word2vec.c and pWord2Vec',
    python: [],
    eshop: 'optional',
    quickArgs: ['--rounds', '1', '--views', '100000', '--products', '5000', '--dimensions', '32', '--epochs', '1'],
  },
  {
    name: 'word2vec-quality',
    title: "Word2Vec neighbours and quality, beside gensim's",
    python: ['gensim'],
    eshop: 'required',
    quickArgs: ['--seeds', '2'],
  },
  {
    name: 'kmeans',
    title: 'K-Means speed, beside scikit-learn and ml-kmeans',
    python: [],
    quickArgs: ['--rounds', '1', '--sizes', '20000x32x100'],
  },
  {
    name: 'ranking',
    title: 'Recommendations: quality on held-out sessions, speed on a large catalogue',
    python: [],
    eshop: 'optional',
    quickArgs: ['--products', '5000', '--views', '100000', '--queries', '500'],
  },
  {
    name: 'filters',
    title: 'What a filter adds to an answer',
    python: [],
    quickArgs: ['--sizes', '5000x100000', '--queries', '300'],
  },
  {
    name: 'request',
    title: 'What one request costs the Lambda that answers',
    python: [],
    quickArgs: ['--sizes', '2000x50000', '--queries', '300'],
  },
  {
    name: 'serve',
    title: 'Requests a second through HTTP, beside Serenade',
    python: [],
    quickArgs: ['--products', '2000', '--views', '50000', '--seconds', '2', '--queries', '300'],
  },
  {
    name: 'rules',
    title: 'What a filter of five conditions and ten rules cost an answer',
    python: [],
    quickArgs: ['--sizes', '2000x50000', '--queries', '300'],
  },
  {
    name: 'cold-start',
    title: 'How long until a fresh Lambda has answered',
    python: [],
    quickArgs: ['--sizes', '217x165000,5000x200000', '--rounds', '2'],
  },
  {
    name: 'compact-index',
    title: "What the rounding of an index's file costs",
    python: [],
    quickArgs: ['--sizes', '217x165000', '--queries', '300'],
  },
  {
    name: 'catalogue',
    title: 'A feed of products, from the file to the live catalogue',
    python: [],
    quickArgs: ['--sizes', '2000'],
  },
  {
    name: 'small-shops',
    title: 'Which strategy is best in a shop of 20 to 2,000 sessions',
    python: [],
    eshop: 'optional',
    quickArgs: ['--sizes', '20,150', '--places', '1'],
  },
  {
    name: 'candidates',
    title: 'Which candidate settings are tried, by the size of the shop',
    python: [],
    quickArgs: [],
  },
  {
    name: 'next-item',
    title: 'Recommendations through the HTTP API',
    python: [],
    eshop: 'required',
    quickArgs: ['--preset', 'layer', '--strategies', 'markov'],
  },
  {
    name: 'answer-cost',
    title: 'What one call of the API takes of a Lambda',
    python: [],
    quickArgs: ['--calls', '500'],
  },
  {
    name: 'scaling',
    title: 'Cost as the clickstream grows',
    python: [],
    quickArgs: ['--events', '20000,50000,200000', '--products', '2000'],
  },
  {
    name: 'large-run',
    title:
      'A run on 20 million views of 200,000 products: time and memory of each stage, and what that costs in Lambda',
    python: [],
    quickArgs: ['--sessions', '20000', '--products', '2000'],
  },
];
