import * as z from 'zod';
import { columnsOf as columnsWithFormat } from '../engine/artifacts/click-formats.ts';
import {
  type Columns,
  faultOfColumns,
  namesColumns,
  parseEvents,
  parseGapSeconds,
} from '../engine/artifacts/click-source.ts';
import { didYouMean } from '../engine/artifacts/request-faults.ts';
import { parseTrainingRequest, resolveSettings } from '../engine/artifacts/training-request.ts';
import { ConfigurationError, messageOf } from '../engine/errors.ts';
import { SETTINGS } from './settings.ts';

const settingsSchema = z.strictObject(SETTINGS);
type Settings = z.infer<typeof settingsSchema>;
export type SettingName = keyof typeof SETTINGS;

export interface Config extends Settings {
  /** Which of the deployments in the account; part of every name. */
  stage: string;
  /** Where to deploy; the deployer's own region when left out. */
  region: string | undefined;
  /** Settings that somebody gave, as they were understood: kept with the stack for the next deployment. */
  given: Partial<Settings>;
  /** The request of every run that nobody configured otherwise. */
  trainingDefaults: Record<string, unknown>;
}

/** Keys of the CDK context: `-c alike:access=public`, or `"alike": {"prod": {"access": "public"}}` in cdk.json. */
const PREFIX = 'alike:';
const STAGES_KEY = 'alike';
const STAGE = /^[a-z][a-z0-9]{0,15}$/;
/** Of the AWS SDK's list of partitions, which knows regions that are still to come. */
const REGION =
  /^(af|ap|ca|cn|eu|il|me|mx|sa|us|us-gov)-(north|south|east|west|central|northeast|northwest|southeast|southwest)-\d$/;

/**
 * Reads a deployment's settings: what the command line says, else what cdk.json says for the stage, else the default.
 *
 * @param context all of the app's CDK context. @throws ConfigurationError that names each wrong setting.
 */
export function readConfig(context: Record<string, unknown>): Config {
  const given = Object.fromEntries(
    Object.entries(context)
      .filter(([key]) => key.startsWith(PREFIX))
      .map(([key, value]) => [key.slice(PREFIX.length), value]),
  );
  const { stage = 'dev', ...overrides } = given;
  checkStage(stage);
  const stages = (context[STAGES_KEY] ?? {}) as Record<string, Record<string, unknown>>;
  const { region, ...settings } = { ...stages[stage], ...overrides };
  if (region !== undefined) checkRegion(region);
  return { ...resolveConfig(settings), stage, region: region as string | undefined };
}

/** How the person who gave a setting mends it. */
export type FixOf = (name: string) => string;

/** @param given by name, as text or as JSON. @throws ConfigurationError that names each wrong setting. */
export function resolveConfig(
  given: Record<string, unknown>,
  fixOf: FixOf = (name) => `Give --set ${name}=….`,
): Omit<Config, 'stage' | 'region'> {
  const parsed = settingsSchema.safeParse(given);
  if (!parsed.success) {
    throw new ConfigurationError(parsed.error.issues.map((issue) => explain(issue, given, fixOf)).join('\n'));
  }
  const settings = parsed.data;
  if (settings.access === 'jwt' && (settings.jwtIssuer === undefined || settings.jwtAudience.length === 0)) {
    throw new ConfigurationError(
      invalid(
        'access',
        'jwt',
        'jwt together with jwtIssuer and jwtAudience',
        'Give --set jwtIssuer=… --set jwtAudience=….',
      ),
    );
  }
  if (
    settings.console === 'hosted' &&
    (settings.consoleIssuer === undefined || settings.consoleClientId === undefined)
  ) {
    throw new ConfigurationError(
      invalid(
        'console',
        'hosted',
        'hosted together with consoleIssuer and consoleClientId, since a hosted page needs a sign-in',
        'Give --set consoleIssuer=… --set consoleClientId=…, or leave it off: npm run console opens it without hosting anything.',
      ),
    );
  }
  const names = Object.keys(given) as SettingName[];
  return {
    ...settings,
    given: Object.fromEntries(names.map((name) => [name, settings[name]])) as Partial<Settings>,
    trainingDefaults: trainingDefaultsOf(settings),
  };
}

/** @throws ConfigurationError */
export function checkStage(stage: unknown): asserts stage is string {
  if (typeof stage === 'string' && STAGE.test(stage)) return;
  throw new ConfigurationError(
    `The stage is ${JSON.stringify(stage)}; it must be up to 16 lower-case letters and digits that begin with a letter, such as dev or prod. Give --stage prod.`,
  );
}

/** @throws ConfigurationError */
export function checkRegion(region: unknown): asserts region is string {
  if (typeof region === 'string' && REGION.test(region)) return;
  throw new ConfigurationError(
    `The region is ${JSON.stringify(region)}; it must be an AWS region such as eu-central-1. Give --region eu-central-1.`,
  );
}

/** Whether the stack refuses to be deleted. */
export function isProtected({
  stage,
  terminationProtection,
}: Pick<Config, 'stage' | 'terminationProtection'>): boolean {
  return terminationProtection === undefined ? stage === 'prod' : terminationProtection === 'on';
}

function trainingDefaultsOf(settings: Settings): Record<string, unknown> {
  const own = columnsOf(settings);
  const named = namesColumns(own);
  const format = named || settings.format === 'auto' ? undefined : settings.format;
  const request = {
    source: 'raw/',
    ...readingOf(settings),
    ...(format !== undefined && { format }),
    columns: columnsWithFormat(format, own),
    preset: settings.preset,
    settings: { unreadable_files: settings.unreadableFiles, ...settings.training },
    force: settings.gate === 'record',
  };
  try {
    resolveSettings(parseTrainingRequest(request));
    // The header may tell the rest to a run; what a stage reads for months is said whole.
    const fault = named ? faultOfColumns(own) : undefined;
    if (fault !== undefined) throw new ConfigurationError(`columns.${fault.column}: ${fault.message}`);
  } catch (cause) {
    throw new ConfigurationError(
      `The settings that describe the uploads (format, sessionColumn, userColumn, productColumn, orderColumn, timeColumns and those beside them) and training make no training request. ${messageOf(cause)}`,
      { cause },
    );
  }
  return request;
}

function columnsOf(settings: Settings): Columns {
  const session = settings.sessionColumn?.split(',').map((name) => name.trim());
  const own = {
    session: session?.length === 1 ? session[0] : session,
    user: settings.userColumn,
    gapSeconds: settings.gap === undefined ? undefined : parseGapSeconds(settings.gap),
    product: settings.productColumn,
    order: settings.orderColumn,
    time: settings.timeColumns,
    timeFormat: settings.timeFormat,
    dayFirst: settings.dayFirst,
    event: settings.eventColumn,
    events: settings.events === undefined ? undefined : parseEvents(settings.events),
  };
  return Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
}

function readingOf({ where, columnNames, delimiter, encoding }: Settings) {
  return {
    ...(where !== undefined && { where }),
    ...(columnNames !== undefined && { names: columnNames }),
    ...(delimiter !== undefined && { delimiter: delimiter === '\\t' ? '\t' : delimiter }),
    ...(encoding !== 'utf-8' && { encoding }),
  };
}

function explain(issue: z.core.$ZodIssue, settings: Record<string, unknown>, fixOf: FixOf): string {
  if (issue.code === 'unrecognized_keys') {
    return noSetting(issue.keys);
  }
  const name = String(issue.path[0]);
  return invalid(name, settings[name], allowed(issue), fixOf(name));
}

/** Says of names that are none of a deployment's settings what they may have meant. @param what cannot be done then. */
export function noSetting(names: readonly string[], what = ''): string {
  const known = Object.keys(SETTINGS);
  const unknown = names.map((name) => `${name}${didYouMean(name, known)}`);
  return `There is no setting${what} ${unknown.join(', ')}. The settings are ${known.join(', ')}.`;
}

function allowed(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return `one of ${issue.values.join(', ')}`;
  if (issue.code === 'too_small') return `at least ${issue.minimum}`;
  if (issue.code === 'too_big') return `at most ${issue.maximum}`;
  return issue.message;
}

function invalid(name: string, found: unknown, allowed: string, fix: string): string {
  return `The setting ${name} is ${JSON.stringify(found)}; it must be ${allowed}. ${fix}`;
}
