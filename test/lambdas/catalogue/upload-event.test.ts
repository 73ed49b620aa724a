import { describe, expect, test } from 'vitest';
import { readUpload } from '../../../lambdas/catalogue/upload-event.ts';

const upload = (key: string) => readUpload({ detail: { object: { key, 'version-id': 'v1' } } });

describe('an upload', () => {
  test.each([
    ['full/products.csv', 'full'],
    ['full/2026/11/products.xml', 'full'],
    ['full/product-options.json', 'full'],
    ['delta/alloptions.json', 'delta'],
    ['delta/options.json.gz', 'delta'],
  ])('of %s is a feed', (path, kind) => {
    const key = `catalogue/feeds/${path}`;
    expect(upload(key)).toEqual({ key, kind, versionId: 'v1' });
  });

  test.each([
    'options.json',
    'full/options.json',
    'delta/options.json',
    'full/products.xml.options.json',
    'full/2026/products.xml.options.json',
    'full/',
    'Full/',
  ])('of %s is read with a feed, or empty', (path) => {
    expect(upload(`catalogue/feeds/${path}`)).toBeUndefined();
  });

  test.each([
    'a.csv',
    'Full/a.csv',
    'fulls/a.csv',
    'a.csv.options.json',
    'Full/options.json',
    'full/2026/options.json',
    'full/.options.json',
  ])('of %s is read by nobody, and that is told', (path) => {
    const key = `catalogue/feeds/${path}`;
    expect(upload(key)).toEqual({ key, reason: expect.stringContaining(`${key} was not read: feeds stand in`) });
  });
});

test('an event of something else is refused', () => {
  expect(() => readUpload({ detail: {} })).toThrow('The event is no upload as EventBridge tells it');
});
