import { expect, test } from 'vitest';
import { loadOptionsOf } from '../../../scripts/catalogue/feed-arguments.ts';

test('a column of actions is taken for changes, and refused for a whole feed', () => {
  expect(loadOptionsOf({ action: 'what', delta: true })).toEqual({ kind: 'delta', columns: { action: 'what' } });
  expect(() => loadOptionsOf({ action: 'what' })).toThrow('--action is for changes: give --delta as well.');
});
