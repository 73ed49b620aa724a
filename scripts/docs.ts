import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateDocs } from './docs/generate.ts';

/** `npm run docs`: writes the generated tables and the picture of the architecture in `docs/` anew. */
const root = join(import.meta.dirname, '..');
for (const [path, content] of Object.entries(await generateDocs((page) => readFileSync(join(root, page), 'utf8')))) {
  writeFileSync(join(root, path), content);
  console.log(`Wrote ${path}.`);
}
