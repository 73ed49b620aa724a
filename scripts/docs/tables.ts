import { CLICK_FORMATS, type ClickFormat } from '../../engine/artifacts/click-formats.ts';
import { PRESETS, SETTING_SHAPE, type TrainingSettings } from '../../engine/artifacts/training-request.ts';
import { SETTINGS } from '../../infra/settings.ts';
import { PIPELINE } from '../../lambdas/pipeline.ts';
import type { Template } from '../lib/template.ts';

/** The stages of a run in their order, from the stage table. */
export function stagesTable(): string {
  const rows = PIPELINE.map(({ name, purpose, memoryMb, timeoutSeconds, forEachItemOf }) => [
    `\`${name}\``,
    `${purpose}${forEachItemOf === undefined ? '' : `; once for each item of \`${forEachItemOf}\`, in parallel`}`,
    `${memoryMb.toLocaleString('en')} MB, ${timeoutSeconds} s`,
  ]);
  return markdownTable(['stage', 'what it does', 'memory and longest time'], rows);
}

/** The settings of a deployment with their defaults, from the schema that reads them. */
export function settingsTable(): string {
  const rows = [
    ...Object.entries(SETTINGS).map(([name, schema]) => {
      const fallback = schema.safeParse(undefined).data;
      return [`\`${name}\``, describeDefault(fallback), schema.description!];
    }),
  ];
  return markdownTable(['setting', 'default', 'what it is'], rows);
}

/** The known sources of clicks, from their declarations. */
export function formatsTable(): string {
  const code = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ');
  const rows = Object.entries(CLICK_FORMATS).map(([name, { source, columns, where = [] }]: [string, ClickFormat]) => {
    const { session, user, gapSeconds, product, order, time = [], events = {} } = columns;
    return [
      `\`${name}\``,
      source,
      session === undefined ? `${code([user!])}, ${gapSeconds! / 60} min pause` : code([session].flat()),
      code([product!]),
      code(order === undefined ? time : [order]),
      code([...Object.keys(events), ...where]) || 'all',
    ];
  });
  return markdownTable(['`--format`', 'source', 'session', 'product', 'order', 'rows that count'], rows);
}

/** The settings of a training run with the presets' values, from the schema that reads them. */
export function trainingSettingsTable(): string {
  const rows = Object.entries(SETTING_SHAPE).map(([name, schema]) => {
    const valueIn = (preset: TrainingSettings) => `\`${preset[name as keyof TrainingSettings]}\``;
    return [`\`${name}\``, valueIn(PRESETS.tuned), valueIn(PRESETS.layer), schema.description!];
  });
  return markdownTable(['setting', 'tuned', 'layer', 'what it is'], rows);
}

/** The alarms of a deployment, from its template; those that each function has are one row. */
export function alarmsTable(template: Template): string {
  const rows = Object.values(template.Resources)
    .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
    .map(({ Properties }) => {
      const [name, description] = [String(Properties['AlarmName']), String(Properties['AlarmDescription'])];
      const [, functionName] = /^The function ([\w-]+) failed\./.exec(description) ?? [];
      return functionName === undefined
        ? [`\`${name}\``, description]
        : [`\`${name.replace(functionName, 'FUNCTION')}\``, description.replace(functionName, 'FUNCTION')];
    });
  const unique = new Map(rows.map((row) => [row.join(), row]));
  return markdownTable(['alarm', 'what it means, and what to do'], [...unique.values()]);
}

function describeDefault(value: unknown): string {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return '–';
  return `\`${typeof value === 'object' ? JSON.stringify(value) : value}\``;
}

export function markdownTable(head: string[], rows: string[][]): string {
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(escapeCell).join(' | ')} |`);
  return lines.join('\n');
}

/** A pipe would end the cell, and `<runId>` outside of code would be taken for HTML. */
function escapeCell(cell: string): string {
  return cell.replaceAll('|', '\\|').replaceAll(/`[^`]*`|</g, (part) => (part === '<' ? '\\<' : part));
}
