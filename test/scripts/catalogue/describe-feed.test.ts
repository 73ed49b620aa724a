import { expect, test } from 'vitest';
import type { FeedRecord } from '../../../engine/catalogue/feed-record.ts';
import { describeFeed, tableOfFeeds } from '../../../scripts/catalogue/describe-feed.ts';

const binary = `x.csv has no column "id"; its header has "PK\u0003\u0004\u001b[2J\uFFFD\uFFFD${'ab'.repeat(500)}".\nName it.`;
const record = {
  version: 'v1',
  kind: 'full',
  outcome: 'failed',
  reason: binary,
  forced: false,
  feed: { name: 'x.csv' },
  counts: { rows: 0, rejectedRows: 0 },
  notes: [],
} as unknown as FeedRecord;

test('the table of feeds has a line a feed, however damaged it is', () => {
  const lines = tableOfFeeds([record, record], undefined, null, 'npm run catalogue -- FEED').trimEnd().split('\n');
  expect(lines).toHaveLength(3);
  expect(lines[1]).toContain('x.csv has no column "id"; its header has "PK');
  for (const line of lines) {
    expect(line.length).toBeLessThan(180);
    expect(line).not.toMatch(/[\p{Cc}\uFFFD]/u);
  }
});

test('the account of one feed has the whole reason, without what moves the cursor', () => {
  const text = describeFeed(record, '');
  expect(text).toContain('ab'.repeat(500));
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\uFFFD]/u);
});

test.each([
  [0, false],
  [1, true],
])('GIVEN a refused feed that leads to %d products THEN promoting it is suggested: %j', (products, isSuggested) => {
  const refused = { ...record, outcome: 'refused', reason: 'Refused.', facts: { products } } as unknown as FeedRecord;
  expect(describeFeed(refused, '').includes('npm run catalogue -- promote v1')).toBe(isSuggested);
});
