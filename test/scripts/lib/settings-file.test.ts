import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fileSettingsOf } from '../../../scripts/lib/settings-file.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'settings-file-'));
});
afterEach(() => rm(root, { recursive: true }));

test("the shop's own file wins over cdk.json, and other stages do not count", async () => {
  const inCdk = { prod: { access: 'jwt', throttleRate: 3 } };
  await writeFile(join(root, 'cdk.json'), JSON.stringify({ app: 'x', context: { alike: inCdk } }));
  const own = { prod: { access: 'public', region: 'eu-central-1' }, dev: { access: 'iam' } };
  await writeFile(join(root, 'alike.config.json'), JSON.stringify(own));
  expect(fileSettingsOf('prod', root)).toEqual({
    settings: { access: 'public', throttleRate: 3 },
    origins: { access: 'alike.config.json', throttleRate: 'cdk.json' },
    region: 'eu-central-1',
  });
});

test('files that are not there say nothing', () => {
  expect(fileSettingsOf('prod', root)).toEqual({ settings: {}, origins: {}, region: undefined });
});

test('a byte order mark is no part of it', async () => {
  await writeFile(join(root, 'alike.config.json'), '\ufeff{"prod":{"access":"public"}}');
  expect(fileSettingsOf('prod', root).settings).toEqual({ access: 'public' });
});

test.each(['{', '[]', '{"prod": "public"}'])('%s is refused with the form that is expected', async (text) => {
  await writeFile(join(root, 'alike.config.json'), text);
  expect(() => fileSettingsOf('prod', root)).toThrow(/alike\.config\.json must be JSON .*"prod"/);
});
