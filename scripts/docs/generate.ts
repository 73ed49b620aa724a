import { defaultTemplate } from '../lib/template.ts';
import { architectureSvg } from './architecture.ts';
import { alarmsTable, settingsTable } from './tables.ts';

/** What of the documentation follows from the code. @returns path below the repository → content. */
export function generateDocs(operations: string): Record<string, string> {
  const template = defaultTemplate();
  return {
    'docs/architecture.svg': architectureSvg(template),
    'README.md': [
      ['settings', settingsTable()],
      ['alarms', alarmsTable(template)],
    ].reduce((text, [name, content]) => replaceBlock(text, name, content), operations),
  };
}

function replaceBlock(text: string, name: string, content: string): string {
  const block = new RegExp(`(<!-- ${name}: npm run docs -->\n)[^]*?(<!-- /${name} -->)`);
  if (!block.test(text)) throw new Error(`README.md has no block "${name}".`);
  return text.replace(block, (_, start, end) => `${start}\n${content}\n\n${end}`);
}
