import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
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

test.each([
  ['{', /JSON/],
  ['[]', 'it is []'],
  ['5', 'it is 5'],
  ['{"prod": "public"}', 'prod is "public"'],
  ['{"prod": {}, "dev": 5}', 'dev is 5'],
])('%s is refused in one sentence with the form that is expected', async (text, found) => {
  await writeFile(join(root, 'alike.config.json'), text);
  expect(() => fileSettingsOf('prod', root)).toThrow(/^\S+alike\.config\.json must be JSON .*"prod".*\.$/);
  expect(() => fileSettingsOf('prod', root)).toThrow(found);
});

test('a fault of cdk.json is named with its place', async () => {
  await writeFile(join(root, 'cdk.json'), '{"context": {"alike": {"dev": 5}}}');
  expect(() => fileSettingsOf('prod', root)).toThrow('context.alike.dev is 5');
});

test('a file that cannot be read is not taken for one that is not there', async () => {
  await mkdir(join(root, 'alike.config.json'));
  expect(() => fileSettingsOf('prod', root)).toThrow(/alike\.config\.json cannot be read: EISDIR/);
});
