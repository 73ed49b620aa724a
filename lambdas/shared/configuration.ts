import * as z from 'zod';
import { ConfigurationError } from '../../engine/errors.ts';

/** Every environment variable that a Lambda of Alike reads. */
const environmentSchema = z.object({
  /** Where artifacts live: `s3://bucket/prefix` or `file:///folder`. */
  ALIKE_STORE_URI: z.string().regex(/^(s3|file):\/\/./, 'a URI such as s3://bucket/prefix or file:///folder'),
  /** A training request as JSON: what a scheduled run trains on. A run's own request wins, field by field. */
  ALIKE_TRAINING_DEFAULTS: z
    .string()
    .default('{}')
    .transform((text, context): Record<string, unknown> => {
      const defaults = parseObject(text);
      if (defaults !== undefined) return defaults;
      context.addIssue({ code: 'custom', message: 'a JSON object' });
      return z.NEVER;
    }),
  /** Recorded in the manifest: the version of the code that trained. */
  ALIKE_CODE_VERSION: z.string().min(1).default('development'),
  /** The SNS topic that is told each run's verdict; a local run has none. */
  ALIKE_TOPIC_ARN: z.string().startsWith('arn:', 'the ARN of an SNS topic').optional(),
});

export interface Configuration {
  storeUri: string;
  trainingDefaults: Record<string, unknown>;
  codeVersion: string;
  topicArn: string | undefined;
}

/** @throws ConfigurationError that names the variable, what was found and what is allowed. */
export function readConfiguration(environment: Record<string, string | undefined> = process.env): Configuration {
  const parsed = environmentSchema.safeParse(environment);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const variable = String(issue.path[0]);
    const found =
      environment[variable] === undefined ? 'it is not set' : `found ${JSON.stringify(environment[variable])}`;
    throw new ConfigurationError(`Environment variable ${variable} must be ${issue.message}; ${found}.`);
  }
  return {
    storeUri: parsed.data.ALIKE_STORE_URI,
    trainingDefaults: parsed.data.ALIKE_TRAINING_DEFAULTS,
    codeVersion: parsed.data.ALIKE_CODE_VERSION,
    topicArn: parsed.data.ALIKE_TOPIC_ARN,
  };
}

/** A variable that only one Lambda reads. @throws ConfigurationError when it is not set. */
export function readVariable(name: string, environment: Record<string, string | undefined> = process.env): string {
  const value = environment[name];
  if (value) return value;
  throw new ConfigurationError(`Environment variable ${name} is not set; the deployment sets it (infra/).`);
}

/** What Lambda gives the function, in MB. @returns undefined outside of Lambda. @throws ConfigurationError */
export function readFunctionMemoryMb(environment: Record<string, string | undefined> = process.env) {
  const text = environment['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'];
  if (text === undefined) return undefined;
  if (/^[1-9][0-9]*$/.test(text)) return Number(text);
  throw new ConfigurationError(
    `Environment variable AWS_LAMBDA_FUNCTION_MEMORY_SIZE must be a whole number of MB; found ${JSON.stringify(text)}. Lambda sets it: leave it unset elsewhere.`,
  );
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    return z.record(z.string(), z.unknown()).safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
