import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readDraft } from '../../../scripts/rules/draft.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alike-draft-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function draftOf(bytes: string | Buffer) {
  const path = join(folder, 'rules.json');
  await writeFile(path, bytes);
  return readDraft(path);
}

const TEXT = '{\r\n "placements": { "cafe": {} },\r\n "rules": []\r\n}\r\n';
const RULE = '{"id": "a", "type": "exclude", "products": ["é"], "author": "Zoé", "note": "n"}';

it.each([
  ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${TEXT}`)],
  ['UTF-16, as an editor calls Unicode', Buffer.from(`\ufeff${TEXT}`, 'utf16le')],
])('GIVEN a file in %s THEN it is read', async (_, bytes) => {
  expect((await draftOf(bytes)).json).toEqual({ placements: { cafe: {} }, rules: [] });
});

it('GIVEN a file that is not UTF-8 THEN no letter of it is lost in silence', async () => {
  const text = `{"rules": [${RULE}]}`;
  await expect(draftOf(Buffer.from(text, 'latin1'))).rejects.toThrow('are not in UTF-8: save the file as UTF-8.');
  expect((await draftOf(text)).file.rules).toMatchObject([{ author: 'Zoé', products: { ids: ['é'] } }]);
});

it.each([
  [
    'a placement',
    '{"placements": {\n"cart": {"count": 3},\n"cart": {"count": 7}}}',
    'placements: found "cart" twice, in lines 2 and 3;',
  ],
  ['the list of rules', `{"rules": [${RULE}],\n"rules": []}`, 'the file: found "rules" twice, in lines 1 and 2;'],
  [
    'a date',
    `{"rules": [${RULE.replace('{', '{"until": "2026-12-24", "until": "2027-12-24", ')}]}`,
    'rules[0] "a": found "until" twice, in line 1;',
  ],
])('GIVEN %s that stands twice THEN it is refused: the first would be lost', async (_, text, said) => {
  await expect(draftOf(text)).rejects.toThrow(said);
});
