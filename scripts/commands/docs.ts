import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newCommand, runCommand } from '../lib/command.ts';

const ROOT = join(import.meta.dirname, '../..');

const command = newCommand({
  script: 'docs',
  summary: 'Writes the generated tables and the picture of the architecture in docs/ anew.',
  examples: ['npm run docs'],
}).action(async () => {
  // It loads the CDK, for which --help need not wait.
  const { generateDocs } = await import('../docs/generate.ts');
  for (const [path, content] of Object.entries(await generateDocs((page) => readFileSync(join(ROOT, page), 'utf8')))) {
    writeFileSync(join(ROOT, path), content);
    process.stdout.write(`Wrote ${path}.\n`);
  }
});

process.exitCode = await runCommand(command);
