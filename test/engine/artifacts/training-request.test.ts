import { describe, expect, it } from 'vitest';
import { FORMATS } from '../../../engine/artifacts/click-formats.ts';
import {
  mergeTrainingRequests,
  PRESETS,
  parseTrainingRequest,
  resolveSettings,
} from '../../../engine/artifacts/training-request.ts';
import { InputError } from '../../../engine/errors.ts';

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

it.each([
  ['no product', { session: 's', order: 'o' }],
  ['neither order nor time', { session: 's', product: 'p' }],
])('%s: the header tells, which nobody has seen yet; of a format that is named it is known', (_, columns) => {
  expect(parseTrainingRequest({ source: 'raw/', columns }).columns).toEqual(columns);
  expect(parseTrainingRequest({ source: 'raw/', format: 'eshop', columns }).columns).toMatchObject(columns);
});

describe('a wrong request is refused with what is wrong', () => {
  const columns = minimal.columns;
  it.each([
    ['nothing', undefined, 'The training request is not valid'],
    ['no source', { columns }, 'source'],
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
    ['no time column', { source: 'raw/', columns: { session: 's', product: 'p', time: [] } }, 'columns.time'],
    ['seven time columns', { source: 'raw/', columns: { ...columns, time: [...'ymdhisx'] } }, 'columns.time'],
    ['a column that nobody knows', { source: 'raw/', columns: { ...columns, price: 'x' } }, '"price"'],
    ['a field that nobody knows', { ...minimal, colour: 'red' }, '"colour"'],
    ['a long delimiter', { ...minimal, delimiter: ';;' }, 'delimiter'],
    ['an encoding that nobody knows', { ...minimal, encoding: 'ebcdic' }, 'utf-16'],
    [
      'a setting that nobody knows',
      { ...minimal, settings: { vectorsize: 3 } },
      'there is no setting "vectorsize" (did you mean "vector_size"?); the settings are sg, vector_size',
    ],
    ['a setting as text', { ...minimal, settings: { epochs: '5' } }, 'settings.epochs'],
    ['a seed beyond 32 bits', { ...minimal, settings: { seed: 2 ** 32 } }, 'settings.seed'],
    ['a share above 1', { ...minimal, settings: { max_rejected_share: 1.1 } }, 'settings.max_rejected_share'],
  ])('%s', (_, request, part) => {
    expect(() => parseTrainingRequest(request)).toThrow(part);
  });
});

describe('a wrong value is told with its name, what was found and what is allowed', () => {
  it.each([
    [{ settings: { vector_size: -1 } }, 'settings.vector_size: found -1; allowed is at least 1.'],
    [{ settings: { vector_size: 2000 } }, 'settings.vector_size: found 2000; allowed is at most 1024.'],
    [{ settings: { alpha: 0 } }, 'settings.alpha: found 0; allowed is more than 0.'],
    [{ settings: { epochs: 1.5 } }, 'settings.epochs: found 1.5; allowed is a whole number.'],
    [{ settings: { backtest: 'yes' } }, 'settings.backtest: found "yes"; allowed is true or false.'],
    [{ settings: { sg: true } }, 'settings.sg: found true; allowed is 1 or 0.'],
    [{ settings: { cbow_mean: 2 } }, 'settings.cbow_mean: found 2; allowed is 1 or 0.'],
    [{ settings: { k: [] } }, 'settings.k: found []; allowed is a whole number from 1 on, or "auto".'],
    [{ settings: { direction: 'back' } }, 'settings.direction: found "back"; allowed is one of both, forward.'],
    [{ settings: [] }, 'settings: found []; allowed is an object.'],
    [
      { columns: { ...minimal.columns, time: ['t'], gapSeconds: 0 } },
      'columns.gapSeconds (--gap): found 0; allowed is more than 0.',
    ],
    [
      { columns: { ...minimal.columns, session: ['a', ''] } },
      'columns.session[1] (--session): found ""; allowed is a column\'s name.',
    ],
    [
      { columns: { ...minimal.columns, session: 5 } },
      "columns.session (--session): found 5; allowed is a column's name, or a list of up to six.",
    ],
    [{ columns: { ...minimal.columns, time: [] } }, 'columns.time (--time): found []; allowed is at least 1 item.'],
    [{ delimiter: ';;' }, 'delimiter: found ";;"; allowed is one character, or "::".'],
    [{ where: ['country'] }, 'where[0]: found "country"; allowed is a condition such as country=CH or Quantity>0.'],
    [{ where: ['price<1,5'] }, 'where[0]: found "1,5"; write 1.5.'],
    [{ source: undefined }, 'source: found nothing; allowed is a key, a prefix, a glob or a URI, or a list of them.'],
    [{ preset: 'x'.repeat(100) }, `preset: found "${'x'.repeat(79)}…; allowed is one of layer, tuned.`],
  ])('%j', (wrong, line) => {
    expect(() => parseTrainingRequest({ ...minimal, ...wrong })).toThrow(
      new InputError(`The training request is not valid:\n  ${line}`),
    );
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
