import { defaultTemplate } from '../lib/template.ts';
import { architectureSvg } from './architecture.ts';
import { costTable } from './cost-table.ts';
import { alarmsTable, formatsTable, settingsTable, stagesTable, trainingSettingsTable } from './tables.ts';

/**
 * What of the documentation follows from the code.
 *
 * @param read a page as it is, by its path below the repository.
 * @returns path → content.
 */
export async function generateDocs(read: (path: string) => string): Promise<Record<string, string>> {
  const template = defaultTemplate();
  const pages: Record<string, Record<string, string>> = {
    'docs/operations.md': {
      stages: stagesTable(),
      settings: settingsTable(),
      alarms: alarmsTable(template),
      cost: costTable(template),
    },
    'docs/data.md': { formats: formatsTable(), 'training settings': trainingSettingsTable() },
  };
  return {
    'docs/architecture.svg': await architectureSvg(template),
    ...Object.fromEntries(Object.entries(pages).map(([path, blocks]) => [path, withBlocks(path, read(path), blocks)])),
  };
}

/** @throws Error when the page has no such block: `<!-- NAME: npm run docs -->` … `<!-- /NAME -->`. */
function withBlocks(path: string, page: string, blocks: Record<string, string>): string {
  return Object.entries(blocks).reduce((text, [name, content]) => {
    const block = new RegExp(`(<!-- ${name}: npm run docs -->\n)[^]*?(<!-- /${name} -->)`);
    if (!block.test(text)) throw new Error(`${path} has no block "${name}".`);
    return text.replace(block, (_, start, end) => `${start}\n${content}\n\n${end}`);
  }, page);
}
