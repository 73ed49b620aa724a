import { defaultTemplate } from '../lib/template.ts';
import { architectureSvg } from './architecture.ts';
import { alarmsTable, settingsTable, stagesTable } from './tables.ts';

/** The page whose tables follow from the code. */
export const OPERATIONS_PAGE = 'docs/operations.md';

/**
 * What of the documentation follows from the code.
 *
 * @param operations the operations page as it is.
 * @returns path below the repository → content.
 */
export async function generateDocs(operations: string): Promise<Record<string, string>> {
  const template = defaultTemplate();
  return {
    'docs/architecture.svg': await architectureSvg(template),
    [OPERATIONS_PAGE]: [
      ['stages', stagesTable()],
      ['settings', settingsTable()],
      ['alarms', alarmsTable(template)],
    ].reduce((text, [name, content]) => replaceBlock(text, name, content), operations),
  };
}

function replaceBlock(text: string, name: string, content: string): string {
  const block = new RegExp(`(<!-- ${name}: npm run docs -->\n)[^]*?(<!-- /${name} -->)`);
  if (!block.test(text)) throw new Error(`${OPERATIONS_PAGE} has no block "${name}".`);
  return text.replace(block, (_, start, end) => `${start}\n${content}\n\n${end}`);
}
