import { describe, expect, it } from 'vitest';
import { FORMATS } from '../../../engine/artifacts/click-formats.ts';
import {
  mergeTrainingRequests,
  PRESETS,
  parseTrainingRequest,
  resolveSettings,
} from '../../../engine/artifacts/training-request.ts';

const minimal = { source: 'raw/', columns: { session: 's', product: 'p', order: 'o' } };

it('fills in what is left out', () => {
  expect(parseTrainingRequest(minimal)).toEqual({
    ...minimal,
    encoding: 'utf-8',
    preset: 'tuned',
    settings: {},
    force: false,
  });
});

it('takes a request without columns: the header tells the format', () => {
  expect(parseTrainingRequest({ source: 'raw/' }).columns).toEqual({});
});

it("takes a format of the time beside a known source's own time", () => {
  const request = { source: 'raw/', format: 'rees46', columns: { timeFormat: '%Y', dayFirst: true } };
  expect(parseTrainingRequest(request).columns).toEqual(request.columns);
});

it('takes a comma in what is compared as text', () => {
  const where = ['price=100,5', 'size!=1,2', 'name>b,a', 'price>100.5'];
  expect(parseTrainingRequest({ ...minimal, where }).where).toEqual(where);
});

it("resolves the seed's own settings for the preset layer, and a run's own settings on top", () => {
  expect(PRESETS.layer).toMatchObject({
    ...{ sg: 0, vector_size: 10, window: 5, negative: 5, epochs: 5, min_count: 1, sample: 1e-3, alpha: 0.025, k: 10 },
  });
  expect(resolveSettings({ preset: 'layer', settings: { epochs: 1, seed: 0 } })).toEqual({
    ...PRESETS.layer,
    epochs: 1,
    seed: 0,
  });
});

it("names the e-shop file's columns", () => {
  expect(parseTrainingRequest({ source: 'raw/', columns: FORMATS.eshop }).columns).toEqual({
    session: 'session ID',
    product: 'page 2 (clothing model)',
    order: 'order',
    time: ['year', 'month', 'day'],
  });
});

describe('a wrong request is refused with what is wrong', () => {
  const columns = minimal.columns;
  it.each([
    ['nothing', undefined, 'The training request is not valid'],
    ['no source', { columns }, 'source'],
    ['no product', { source: 'raw/', columns: { session: 's', order: 'o' } }, '"product"'],
    ['a user without a gap', { source: 'raw/', columns: { user: 'u', product: 'p', time: ['t'] } }, 'needs a gap'],
    [
      'weights without an event',
      { ...minimal, columns: { ...columns, events: { view: 1 } } },
      'name the "event" column',
    ],
    ['a condition that is none', { ...minimal, where: ['country'] }, 'country=CH'],
    ['a decimal comma', { ...minimal, where: ['price>=-100,5'] }, 'found "-100,5"; write -100.5'],
    ['a time format without a time', { ...minimal, columns: { ...columns, timeFormat: '%Y' } }, '"time" columns'],
    ['the day first of no time', { ...minimal, columns: { ...columns, dayFirst: true } }, 'name one or more "time"'],
    ['an unknown part of a time format', { source: 'raw/', columns: { timeFormat: '%Y %Q' } }, 'found "%Q" in the'],
    ['half a part of a time format', { source: 'raw/', columns: { timeFormat: '%Y%' } }, '(--time-format)'],
    [
      'neither order nor time',
      { source: 'raw/', columns: { session: 's', product: 'p' } },
      '"order", or one or more "time"',
    ],
    ['no time column', { source: 'raw/', columns: { session: 's', product: 'p', time: [] } }, 'columns.time'],
    ['seven time columns', { source: 'raw/', columns: { ...columns, time: [...'ymdhisx'] } }, 'columns.time'],
    ['a column that nobody knows', { source: 'raw/', columns: { ...columns, price: 'x' } }, '"price"'],
    ['a field that nobody knows', { ...minimal, colour: 'red' }, '"colour"'],
    ['a long delimiter', { ...minimal, delimiter: ';;' }, 'delimiter'],
    ['an encoding that nobody knows', { ...minimal, encoding: 'ebcdic' }, 'utf-16'],
    [
      'a setting that nobody knows',
      { ...minimal, settings: { vectorsize: 3 } },
      'there is no setting "vectorsize"; the settings are sg, vector_size',
    ],
    ['a setting as text', { ...minimal, settings: { epochs: '5' } }, 'settings.epochs'],
    ['a seed beyond 32 bits', { ...minimal, settings: { seed: 2 ** 32 } }, 'settings.seed'],
    ['a share above 1', { ...minimal, settings: { max_rejected_share: 1.1 } }, 'settings.max_rejected_share'],
  ])('%s', (_, request, part) => {
    expect(() => parseTrainingRequest(request)).toThrow(part);
  });
});

describe("a run's own request on top of the deployment's", () => {
  const defaults = {
    source: 'raw/',
    columns: { session: 's', product: 'p', order: 'o' },
    delimiter: ';',
    settings: { k: 20, epochs: 3 },
  };

  it('keeps what the run does not say, setting by setting and column by column', () => {
    expect(mergeTrainingRequests(defaults, {})).toEqual(defaults);
    expect(mergeTrainingRequests(defaults, { settings: { k: 12 }, columns: { product: 'sku' }, force: true })).toEqual({
      source: 'raw/',
      columns: { session: 's', product: 'sku', order: 'o' },
      delimiter: ';',
      settings: { k: 12, epochs: 3 },
      force: true,
    });
  });

  it('takes a whole layout as it is: the order of another one must not stay beside its time', () => {
    const columns = { session: 'a', product: 'b', time: ['t'] };
    expect(mergeTrainingRequests(defaults, { columns })['columns']).toEqual(columns);
  });
});
