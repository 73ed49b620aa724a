import { SETTINGS } from '../../infra/settings.ts';
import type { Template } from '../lib/template.ts';

/** The settings of a deployment with their defaults, from the schema that reads them. */
export function settingsTable(): string {
  const rows = [
    ['`stage`', '`dev`', 'which of the deployments in the account; part of every name'],
    ['`region`', "the deployer's", 'where to deploy'],
    ...Object.entries(SETTINGS).map(([name, schema]) => {
      const fallback = schema.safeParse(undefined).data;
      return [`\`${name}\``, describeDefault(fallback), schema.description!];
    }),
  ];
  return markdownTable(['setting', 'default', 'what it is'], rows);
}

/** The alarms of a deployment, from its template. */
export function alarmsTable(template: Template): string {
  const rows = Object.values(template.Resources)
    .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
    .map(({ Properties }) => [`\`${Properties['AlarmName']}\``, String(Properties['AlarmDescription'])]);
  return markdownTable(['alarm', 'what it means, and what to do'], rows);
}

function describeDefault(value: unknown): string {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return '–';
  return `\`${typeof value === 'object' ? JSON.stringify(value) : value}\``;
}

function markdownTable(head: string[], rows: string[][]): string {
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(escapePipes).join(' | ')} |`);
  return lines.join('\n');
}

function escapePipes(cell: string): string {
  return cell.replaceAll('|', '\\|');
}
