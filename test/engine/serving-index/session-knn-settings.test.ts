import { expect, test } from 'vitest';
import { decodeServingIndex, encodeServingIndex } from '../../../engine/serving-index/serving-index-file.ts';
import { DEFAULT_SESSION_KNN } from '../../../engine/serving-index/session-knn-settings.ts';
import { indexOf } from '../ranking/example-index.ts';

const index = indexOf(
  [
    [0, 1],
    [0, 2],
  ],
  3,
);

test('the serving index keeps the settings of session-kNN, and refuses those that it does not know', () => {
  const sessionKnn = { ...DEFAULT_SESSION_KNN, decay: 0.3 };
  expect(decodeServingIndex(encodeServingIndex({ ...index, sessionKnn })).sessionKnn).toEqual(sessionKnn);
  expect(decodeServingIndex(encodeServingIndex(index)).sessionKnn).toBeUndefined();
  const newer = { ...sessionKnn, reach: 20 };
  expect(() => decodeServingIndex(encodeServingIndex({ ...index, sessionKnn: newer }))).toThrow(
    'its settings of session-kNN are',
  );
});

test('an index of a release that had no number of neighbours has the 500 of that release', () => {
  const { neighbours: _, ...older } = { ...DEFAULT_SESSION_KNN, decay: 0.3 };
  const file = encodeServingIndex({ ...index, sessionKnn: older as typeof DEFAULT_SESSION_KNN });
  expect(decodeServingIndex(file).sessionKnn).toEqual({ ...older, neighbours: 500 });
});
