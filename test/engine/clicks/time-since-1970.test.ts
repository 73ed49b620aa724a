import { describe, expect, it } from 'vitest';
import { ingestInFolder } from '../../support/ingest.ts';

const { ingest, refusal } = ingestInFolder();
const columns = { session: 's', product: 'p', time: ['t'] };
const byUser = { user: 's', product: 'p', time: ['t'], gapSeconds: 1800 };
const csv = (...times: (string | number)[]) =>
  `s,p,t\n${times.map((time, i) => `x,${'AB'[i % 2]},${time}\n`).join('')}`;
const jsonLines = (...times: number[]) =>
  times.map((t, i) => `${JSON.stringify({ s: 'x', p: 'AB'[i % 2], t })}\n`).join('');

describe('numbers that as seconds since 1970 are all of 1970 to 1973', () => {
  it.each([
    ['days of a year', csv(1108, 1111, 1013)],
    ['seconds since the start of a session', csv(0, 12.5, 99_999_999)],
    ['numbers of JSON', jsonLines(1108, 1111)],
  ])('order, and a note says that they are no such seconds: %s', async (_, text) => {
    const { notes, counts } = await ingest(text, { columns });
    expect(notes).toEqual([expect.stringMatching(/^"t" holds numbers such as \d+, .* 1970 to 1973.*--order/)]);
    expect(counts['rejectedRows']).toBe(0);
  });

  it('have no gap', async () => {
    expect(await refusal(csv(1108, 1111), { columns: byUser })).toMatch(
      /"t" holds numbers such as 1108,.*no pause \(--gap\).*--session s,t --order t/,
    );
  });

  it('are an order as they stand', async () => {
    expect((await ingest(csv(1, 2), { columns: { session: 's', product: 'p', order: 't' } })).notes).toEqual([]);
  });

  it.each([
    ['seconds', csv(100_000_000, 1)],
    ['milliseconds', csv(1_573_164_919_000, 1_573_164_920_000)],
    ['written dates of 1970', csv('1970-01-01T00:00:01Z', '1970-01-02T00:00:00Z')],
  ])('are not meant where they are times: %s', async (_, text) => {
    expect((await ingest(text, { columns: byUser })).notes).toEqual([]);
  });
});
