import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateDocs } from './docs/generate.ts';

/** `npm run docs`: writes the tables of README.md and the picture of the architecture anew. */
const root = join(import.meta.dirname, '..');
for (const [path, content] of Object.entries(generateDocs(readFileSync(join(root, 'README.md'), 'utf8')))) {
  writeFileSync(join(root, path), content);
  console.log(`Wrote ${path}.`);
}
