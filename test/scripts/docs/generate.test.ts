import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { generateDocs } from '../../../scripts/docs/generate.ts';
import { runScript } from '../../support/run-script.ts';

const root = join(import.meta.dirname, '../../..');
const contentOf = (path: string) => readFileSync(join(root, path), 'utf8');

test('the tables and the picture are those of the code; npm run docs writes them anew', async () => {
  for (const [path, content] of Object.entries(await generateDocs(contentOf))) {
    expect(contentOf(path), `${path} is out of date: npm run docs`).toBe(content);
  }
}, 60_000);

test.each([
  ['--help', 0, 'stdout', 'Usage: npm run docs --'],
  ['--nope', 2, 'stderr', "unknown option '--nope'"],
] as const)('with %s it writes nothing', async (option, exitCode, stream, text) => {
  const ended = await runScript('docs.ts', option);
  expect(ended).toMatchObject({ exitCode });
  expect(ended[stream]).toContain(text);
  expect(ended.stdout).not.toContain('Wrote');
});
