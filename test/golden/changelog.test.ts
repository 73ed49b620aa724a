import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { GOLDEN_RELEASES } from './releases.ts';

const read = (name: string) => readFileSync(join(import.meta.dirname, '../..', name), 'utf8');

test('CHANGELOG.md has each release that left golden files, the newest first, and package.json names the newest', () => {
  const told = [...read('CHANGELOG.md').matchAll(/^## \[(\d.*?)\]/gm)].map(([, version]) => version);
  expect(told).toEqual(GOLDEN_RELEASES.map(({ version }) => version).toReversed());
  expect(JSON.parse(read('package.json')).version).toBe(told[0]);
});
