import * as z from 'zod';
import { FORMATS, parseTrainingRequest, resolveSettings } from '../engine/artifacts/training-request.ts';
import { ConfigurationError, messageOf } from '../engine/errors.ts';
import { SETTINGS } from './settings.ts';

const settingsSchema = z.strictObject(SETTINGS);

export interface Config extends z.infer<typeof settingsSchema> {
  /** Which of the deployments in the account; part of every name. */
  stage: string;
  /** Where to deploy; the deployer's own region when left out. */
  region: string | undefined;
  /** The request of every run that nobody configured otherwise. */
  trainingDefaults: Record<string, unknown>;
}

/** Keys of the CDK context: `-c alike:access=public`, or `"alike": {"prod": {"access": "public"}}` in cdk.json. */
const PREFIX = 'alike:';
const STAGES_KEY = 'alike';
const STAGE = /^[a-z][a-z0-9]{0,15}$/;
const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;

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
  if (typeof stage !== 'string' || !STAGE.test(stage)) {
    throw invalid('stage', stage, 'up to 16 lower-case letters and digits, such as dev or prod');
  }
  const stages = (context[STAGES_KEY] ?? {}) as Record<string, Record<string, unknown>>;
  const { region, ...settings } = { ...stages[stage], ...overrides };
  if (region !== undefined && !(typeof region === 'string' && REGION.test(region))) {
    throw invalid('region', region, 'an AWS region such as eu-central-1');
  }

  const parsed = settingsSchema.safeParse(settings);
  if (!parsed.success) throw new ConfigurationError(parsed.error.issues.map((i) => explain(i, settings)).join('\n'));
  const config = parsed.data;
  if (config.access === 'jwt' && (config.jwtIssuer === undefined || config.jwtAudience.length === 0)) {
    throw invalid('access', 'jwt', 'jwt together with jwtIssuer and jwtAudience');
  }
  return { ...config, stage, region, trainingDefaults: trainingDefaultsOf(config) };
}

function trainingDefaultsOf(config: z.infer<typeof settingsSchema>): Record<string, unknown> {
  const own = Object.entries({
    session: config.sessionColumn,
    product: config.productColumn,
    order: config.orderColumn,
    time: config.timeColumns,
  }).filter(([, column]) => column !== undefined);
  const request = {
    source: 'raw/',
    columns: own.length === 0 ? FORMATS[config.format] : Object.fromEntries(own),
    preset: config.preset,
    settings: config.training,
    force: config.gate === 'record',
  };
  try {
    resolveSettings(parseTrainingRequest(request));
  } catch (cause) {
    throw new ConfigurationError(
      `The settings sessionColumn, productColumn, orderColumn, timeColumns and training make no training request. ${messageOf(cause)}`,
      { cause },
    );
  }
  return request;
}

function explain(issue: z.core.$ZodIssue, settings: Record<string, unknown>): string {
  if (issue.code === 'unrecognized_keys') {
    return `There is no setting ${issue.keys.join(', ')}. The settings are stage, region, ${Object.keys(SETTINGS).join(', ')}.`;
  }
  const name = String(issue.path[0]);
  return invalid(name, settings[name], allowed(issue)).message;
}

function allowed(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return `one of ${issue.values.join(', ')}`;
  if (issue.code === 'too_small') return `at least ${issue.minimum}`;
  if (issue.code === 'too_big') return `at most ${issue.maximum}`;
  return issue.message;
}

function invalid(name: string, found: unknown, allowed: string): ConfigurationError {
  return new ConfigurationError(
    `The setting ${name} is ${JSON.stringify(found)}; it must be ${allowed}. Set it with -c ${PREFIX}${name}=… or in cdk.json.`,
  );
}
