import { describe, expect, it } from 'vitest';
import { periodOf, plausible } from '../../../engine/evaluation/period.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);
const daily = (count: number) => Array.from({ length: count }, (_, day) => START + day * DAY);
const period = (times: number[]) => periodOf(Float64Array.from(times));
const iso = (ms: number) => new Date(ms).toISOString();

describe('the period of sessions', () => {
  it('is from the first to the last', () => {
    expect(period(daily(100))).toEqual({ from: iso(START), to: iso(START + 99 * DAY) });
    expect(period([START])).toEqual({ from: iso(START), to: iso(START) });
    expect(period([])).toBeNull();
    expect(periodOf(undefined)).toBeNull();
  });

  it('leaves out a session of another age, at either end', () => {
    const expected = { from: iso(START), to: iso(START + 99 * DAY) };
    expect(period([0, ...daily(100)])).toEqual(expected);
    expect(period([...daily(100), Date.UTC(2999, 0, 1)])).toEqual(expected);
  });

  it('keeps what more than a hundredth of the sessions agree on', () => {
    const again = daily(100).map((ms) => ms + 400 * DAY);
    expect(period([...daily(100), ...again.slice(0, 3)])!.to).toBe(iso(again[2]));
    expect(period([START, START + 100 * DAY])).toEqual({ from: iso(START), to: iso(START + 100 * DAY) });
  });
});

it('a period that ends after its run began is not known', () => {
  const june = { from: '2026-05-01T00:00:00.000Z', to: '2026-06-01T00:00:00.000Z' };
  expect(plausible(june, Date.parse('2026-06-02T00:00:00.000Z'))).toEqual(june);
  expect(plausible({ ...june, to: '2999-01-01T00:00:00.000Z' }, Date.parse('2026-06-02T00:00:00.000Z'))).toBeNull();
  expect(plausible(null, 0)).toBeNull();
});
