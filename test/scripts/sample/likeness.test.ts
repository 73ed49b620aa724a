import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { SAMPLE } from '../../../scripts/sample/clickstream.ts';
import { needsEshopFile, readEshopFile } from '../../support/eshop.ts';
import { bySession, parse, read, share, type View } from './views.ts';

describe('sessions', () => {
  // The e-shop file's figures: mean 6.89, median 4, 21.0 % of one view, 1 % above 42, longest 195;
  // 5.4 % immediate repeats, 81.2 % of the steps inside a category, 38 % of the sessions start in category 1.
  it.each([SAMPLE.seed, 1, 2])('have the lengths and habits of the e-shop file (seed %i)', (seed) => {
    const own = bySession(parse(read({ ...SAMPLE, seed })));
    const lengths = own.map((session) => session.length).sort((a, b) => a - b);
    const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
    expect(mean).toBeGreaterThan(6.6);
    expect(mean).toBeLessThan(7.2);
    expect(lengths[lengths.length / 2]).toBe(4);
    expect(Math.abs(share(lengths, (length) => length === 1) - 0.21)).toBeLessThan(0.015);
    expect(share(lengths, (length) => length > 42)).toBeGreaterThan(0.006);
    expect(share(lengths, (length) => length > 42)).toBeLessThan(0.014);
    expect(lengths.at(-1)).toBeGreaterThan(90);
    expect(lengths.at(-1)).toBeLessThan(300);

    const steps = own.flatMap((session) => session.slice(1).map((view, i) => [session[i], view] as const));
    expect(Math.abs(share(steps, ([from, to]) => from.product === to.product) - 0.054)).toBeLessThan(0.01);
    expect(Math.abs(share(steps, ([from, to]) => from.category === to.category) - 0.812)).toBeLessThan(0.02);
    expect(Math.abs(share(own, ([first]) => first.category === 1) - 0.385)).toBeLessThan(0.02);
  });

  // The e-shop file: 47 % of the views on the 44 most viewed products, 16 % on the first ten.
  it.each([SAMPLE.seed, 1, 2])('view few products often and every product at times (seed %i)', (seed) => {
    const counts = new Map<string, number>();
    const own = parse(read({ ...SAMPLE, seed }));
    for (const { product } of own) counts.set(product, (counts.get(product) ?? 0) + 1);
    const falling = [...counts.values()].sort((a, b) => b - a);
    const top = (n: number) => falling.slice(0, n).reduce((sum, count) => sum + count, 0) / own.length;
    expect(falling).toHaveLength(217);
    expect(Math.abs(top(44) - 0.47)).toBeLessThan(0.04);
    expect(Math.abs(top(10) - 0.16)).toBeLessThan(0.03);
  });
});

/** Kolmogorov–Smirnov: the largest difference of the two cumulative distributions of session lengths. */
function largestDifference(one: View[][], other: View[][]): number {
  const longest = Math.max(...[...one, ...other].map((session) => session.length));
  const cumulative = (sessions: View[][]) =>
    Array.from({ length: longest }, (_, length) => share(sessions, (session) => session.length <= length));
  const reference = cumulative(other);
  return Math.max(...cumulative(one).map((value, length) => Math.abs(value - reference[length])));
}

describe('against the e-shop file', () => {
  needsEshopFile();
  const readReal = () => gunzipSync(readEshopFile()).toString('latin1');
  const sampleCsv = read(SAMPLE);

  it('has the same header', () => {
    expect(sampleCsv.split('\r\n', 1)).toEqual(readReal().split('\r\n', 1));
  });

  // The fit differs by at most 0.007 (scripts/sample/visitor.ts); 24,000 drawn sessions add at most 0.01 to it.
  it('has sessions as long', () => {
    expect(largestDifference(bySession(parse(sampleCsv)), bySession(parse(readReal())))).toBeLessThan(0.017);
  });

  it('repeats none of its sessions of five or more products', () => {
    const longSessions = (csv: string) =>
      bySession(parse(csv))
        .filter((session) => new Set(session.map(({ product }) => product)).size >= 5)
        .map((session) => session.map(({ product }) => product).join());
    const real = new Set(longSessions(readReal()));
    expect(longSessions(sampleCsv).filter((session) => real.has(session))).toEqual([]);
  });
});
