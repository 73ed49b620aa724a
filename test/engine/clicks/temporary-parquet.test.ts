import { expect, test } from 'vitest';
import { temporaryParquet } from '../../../engine/clicks/temporary-parquet.ts';

test.each([
  [1, 122_880],
  [34, 122_880],
  // 4,194,304 values are 41,943 rows: 20 whole steps of 2,048.
  [100, 40_960],
  [1_300, 2_048],
  [2_000, 2_048],
])('of %d columns, %d rows are held in memory', (columns, rows) => {
  expect(temporaryParquet(columns)).toMatch(new RegExp(`ROW_GROUP_SIZE ${rows}$`));
});
