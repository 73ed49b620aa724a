import { isDeepStrictEqual } from 'node:util';
import { type Config, resolveConfig, type SettingName } from '../../infra/config.ts';
import { SETTINGS } from '../../infra/settings.ts';

/** One setting that a deployment changes. */
export interface SettingChange {
  name: SettingName;
  /** Undefined: not set, and without a default. */
  before: unknown;
  after: unknown;
  /** What somebody loses by it; undefined when nobody does. Such a change is asked about. */
  loss: string | undefined;
}

/** Those that say what a column of the uploaded files means. */
const COLUMN_SETTINGS: readonly SettingName[] = [
  'format',
  'sessionColumn',
  'userColumn',
  'gap',
  'productColumn',
  'orderColumn',
  'timeColumns',
  'timeFormat',
  'dayFirst',
  'eventColumn',
  'events',
  'where',
  'columnNames',
  'delimiter',
  'encoding',
];

/**
 * @param kept the settings of the deployed stack; undefined for a new one, which takes nothing from anybody.
 * @param next those that are to be deployed.
 */
export function settingsChanges(
  kept: Record<string, unknown> | undefined,
  next: Omit<Config, 'stage' | 'region'>,
): SettingChange[] {
  const before = resolveConfig(kept ?? {});
  return (Object.keys(SETTINGS) as SettingName[])
    .filter((name) => !isDeepStrictEqual(before[name], next[name]))
    .map((name) => {
      const change = { name, before: before[name], after: next[name] };
      return { ...change, loss: kept === undefined ? undefined : lossOf(change, before) };
    });
}

/** `access: public → iam`, and what is lost by it. */
export function describeChange({ name, before, after, loss }: SettingChange): string {
  return `  ${name}: ${textOf(before)} → ${textOf(after)}${loss === undefined ? '' : `\n    ! ${loss}`}`;
}

/** As `--set` takes it. */
export function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function textOf(value: unknown): string {
  return value === undefined || (Array.isArray(value) && value.length === 0) ? 'none' : valueText(value);
}

function lossOf(
  { name, before, after }: Pick<SettingChange, 'name' | 'before' | 'after'>,
  { access }: Pick<Config, 'access'>,
): string | undefined {
  if (name === 'access') return lossOfAccess(String(before), String(after));
  if (name === 'jwtIssuer' || name === 'jwtAudience') {
    return access === 'jwt' ? 'Access narrows: tokens that the API takes today may be refused.' : undefined;
  }
  if (name === 'console' && after === 'off') return 'The hosted console goes: its address answers nobody any more.';
  if ((name === 'consoleIssuer' || name === 'consoleClientId') && before !== undefined) {
    return 'Access to the hosted console changes: who signs in there today may be refused.';
  }
  if (name === 'corsOrigins') {
    const lost = (before as string[]).filter((origin) => !(after as string[]).includes(origin));
    const all = (after as string[]).includes('*');
    return lost.length === 0 || all
      ? undefined
      : `Access narrows: pages of ${lost.join(', ')} can no longer call the API.`;
  }
  if (name === 'alarmEmail') {
    return before === undefined ? undefined : `${before} is no longer told when an alarm goes off.`;
  }
  if (COLUMN_SETTINGS.includes(name)) {
    return 'The next run reads all files under raw/ with other columns; files that have the columns of today are refused.';
  }
  if (name === 'bucket') {
    return 'The bucket is replaced: the new one has none of the uploads and runs, and nothing is live until a run has ended. The old one is kept if removalPolicy was retain, else it is deleted.';
  }
  if (name === 'uploadVersionDays' && after !== undefined && (before === undefined || Number(after) < Number(before))) {
    return `Replaced and deleted versions of files under raw/ that are older than ${after} days are deleted for good.`;
  }
  if (name === 'terminationProtection' && after === 'off') return 'The stack can then be removed.';
  if (name === 'removalPolicy' && after === 'destroy') return 'npm run destroy will delete all data.';
  return undefined;
}

function lossOfAccess(before: string, after: string): string | undefined {
  if (after === 'public') return undefined;
  const callers = {
    public: 'Callers without credentials',
    iam: 'Callers with AWS credentials',
    jwt: 'Bearers of a token',
  };
  return `Access narrows: ${callers[before as keyof typeof callers].toLowerCase()} are refused (${after === 'iam' ? '403' : '401'}).`;
}
