import { describe, expect, it } from 'vitest';
import { locateSource, selectObjects } from '../../../lambdas/ingest/source-objects.ts';

it.each([
  ['raw/clicks.csv', undefined, 'raw/clicks.csv'],
  ['s3://bucket/a/b c.csv', 's3://bucket', 'a/b c.csv'],
  ['s3://bucket/a/', 's3://bucket', 'a/'],
  ['s3://bucket', 's3://bucket', ''],
  ['file:///data/clicks.csv', 'file:///data', 'clicks.csv'],
  ['file:///data/raw/', 'file:///data', 'raw'],
  ['file:///data', 'file:///', 'data'],
  ['file:///data/', 'file:///', 'data'],
  ['file:///clicks.csv', 'file:///', 'clicks.csv'],
  ['file:///clicks*.csv', 'file:///', 'clicks*.csv'],
  ['file:///data/50%25%20off.csv', 'file:///data', '50% off.csv'],
])('%s is %s and %s', (source, storeUri, key) => {
  expect(locateSource(source)).toEqual({ storeUri, key });
});

describe('selectObjects', () => {
  const select = (key: string, ...keys: string[]) =>
    selectObjects(
      keys.map((name) => ({ key: name, size: 1, modifiedAtMs: 0 })),
      key,
      key,
    ).map((object) => object.key);

  it('takes the object with this key alone, though others begin alike', () => {
    expect(select('raw/a', 'raw/a', 'raw/a.csv', 'raw/a/b.csv')).toEqual(['raw/a']);
  });

  it('takes everything below a folder that is data', () => {
    const keys = [
      'raw/_SUCCESS',
      'raw/.DS_Store',
      'raw/_temporary/x.csv',
      'raw/a.csv',
      'raw/b/c.csv',
      'raw/b/',
      'raw2/d.csv',
    ];
    expect(select('raw', ...keys)).toEqual(['raw/a.csv', 'raw/b/c.csv']);
    expect(select('raw/', ...keys)).toEqual(['raw/a.csv', 'raw/b/c.csv']);
    expect(select('', 'a.csv', '_x')).toEqual(['a.csv']);
  });

  it('takes a key for a glob only where nothing has it as its name', () => {
    expect(select('raw/a?', 'raw/a?/1.csv', 'raw/ab/2.csv', 'raw/ac')).toEqual(['raw/a?/1.csv']);
    expect(select('raw/a*.csv', 'raw/a*.csv', 'raw/ab.csv')).toEqual(['raw/a*.csv']);
    expect(select('raw/a*/', 'raw/a*/1.csv', 'raw/ab/')).toEqual(['raw/a*/1.csv']);
    expect(select('raw/a?', 'raw/ab/2.csv', 'raw/ac')).toEqual(['raw/ac']);
  });

  // As shells with globstar, Git and Python's glob read it.
  it('GIVEN **/ in a glob THEN whole folders stand for it, any number of them, or none', () => {
    const keys = [
      'raw/clicks.csv',
      'raw/old-clicks.csv',
      'raw/a/clicks.csv',
      'raw/a/b/clicks.csv',
      'raw/a/old-clicks.csv',
    ];
    expect(select('raw/**/clicks.csv', ...keys)).toEqual(['raw/clicks.csv', 'raw/a/clicks.csv', 'raw/a/b/clicks.csv']);
    expect(select('raw/**/b/*.csv', ...keys, 'raw/a/bb/clicks.csv', 'raw/ab/clicks.csv')).toEqual([
      'raw/a/b/clicks.csv',
    ]);
    expect(select('raw/**', ...keys)).toEqual(keys);
    expect(select('raw/**/*.csv', ...keys)).toEqual(keys);
  });

  it('names what is there when nothing fits', () => {
    expect(() => select('raw/jan', 'raw/january.csv')).toThrow('but there is "raw/january.csv"');
    expect(() => select('raw/')).toThrow('no object with this key and none below it. Upload the file');
  });
});
