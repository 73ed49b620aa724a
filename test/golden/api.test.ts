import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { ApiFixture } from '../support/api-fixture.ts';
import { GOLDEN_RELEASES } from './releases.ts';

/** Sums may be added up in another order, and the blend's cosines are float32. */
function withNearNumbers(value: unknown): unknown {
  if (typeof value === 'number' && !Number.isInteger(value)) return expect.closeTo(value, 6);
  if (Array.isArray(value)) return value.map(withNearNumbers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withNearNumbers(inner)]));
}

describe.each(GOLDEN_RELEASES)('the API over what release $version wrote', ({ folder, answers }) => {
  const api = new ApiFixture();

  beforeAll(async () => {
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      const path = join(folder, file);
      if (statSync(path).isFile()) await api.store.put(file, readFileSync(path));
    }
  });

  test('is asked something', () => {
    expect(answers.length).toBeGreaterThanOrEqual(38);
  });

  test.each(answers.map((asked) => [`${asked.method} ${asked.path} ${JSON.stringify(asked.body ?? '')}`, asked]))(
    'answers as that release did: %s',
    async (_, { method, path, body, status, answer }) => {
      const [rawPath, query] = path.split('?');
      const { statusCode, json } =
        method === 'GET' ? await api.get(rawPath, query) : await api.post(rawPath, body, query);
      const { recommendationId, ...rest } = json;
      // Releases after it may add fields.
      expect([statusCode, rest]).toMatchObject([status, withNearNumbers(answer)]);
      expect(recommendationId === undefined).toBe(!/recommendations$/.test(rawPath));
    },
  );
});
