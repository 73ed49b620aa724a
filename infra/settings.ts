import * as z from 'zod';
import { CONDITION, FORMAT_NAMES, parseEvents, parseGapSeconds } from '../engine/artifacts/click-source.ts';
import { PRESETS } from '../engine/artifacts/training-request.ts';
import { faultOfSchedule } from './schedule-expression.ts';

/** `--set name=value` gives text; a file gives numbers and lists. Both mean the same. */
const number = (schema: z.ZodNumber) =>
  z.preprocess((value) => (typeof value === 'string' && value.trim() !== '' ? Number(value) : value), schema);
const listOf = (item: z.ZodString) =>
  z.preprocess((value) => (typeof value === 'string' ? itemsOf(value) : value), z.array(item));
const list = listOf(z.string().min(1));
const yesOrNo = z.preprocess(
  (value) => (value === 'true' || value === 'false' ? value === 'true' : value),
  z.boolean({ error: 'true or false' }),
);
const json = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value, context) => {
    if (typeof value !== 'string') return value;
    try {
      return JSON.parse(value);
    } catch {
      context.issues.push({ code: 'custom', message: 'a JSON object such as {"k":20}', input: value });
      return z.NEVER;
    }
  }, schema);

const wholeNumber = (min: number, max: number) =>
  number(
    z
      .int({ error: `a whole number from ${min} to ${max}` })
      .min(min)
      .max(max),
  );

/** What CloudWatch Logs takes. A test compares it with the CDK's list, which takes half a second to load. */
export const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Every setting of a deployment, with its default; `npm run docs` prints this as the table of the handbook. */
export const SETTINGS = {
  architecture: z.enum(['arm64', 'x86_64']).default('arm64').describe('CPU of the Lambdas; arm64 costs a fifth less'),
  access: z
    .enum(['iam', 'jwt', 'public'])
    .default('iam')
    .describe(
      'who may call what a shop page needs: callers with AWS credentials (SigV4), bearers of a JWT, or everybody; the rest of the API always asks for AWS credentials',
    ),
  jwtIssuer: z
    .url({ protocol: /^https$/, error: 'an address such as https://cognito-idp.eu-central-1.amazonaws.com/POOL' })
    .optional()
    .describe('issuer of the tokens, https://…; for access `jwt`'),
  jwtAudience: list.default([]).describe('audiences of the tokens, separated by commas; for access `jwt`'),
  corsOrigins: listOf(z.string().refine(isOrigin, { error: (issue) => explainOrigin(String(issue.input)) }))
    .default([])
    .describe('origins whose pages may call the API, such as https://shop.example; separated by commas'),
  console: z
    .enum(['off', 'hosted'])
    .default('off')
    .describe(
      'whether the console is hosted, for people who sign in at `consoleIssuer`; without it, `npm run console` opens it on your machine',
    ),
  consoleIssuer: z
    .url({ protocol: /^https$/, error: 'an address such as https://cognito-idp.eu-central-1.amazonaws.com/POOL' })
    .optional()
    .describe(
      'OpenID Connect issuer of those who may see the hosted console; whoever can sign in there sees everything, so take one of your staff, never of shoppers',
    ),
  consoleClientId: z.string().min(1).optional().describe('id of the hosted console at its issuer: a public client'),
  consoleOrigins: listOf(
    z.string().refine((text) => isOrigin(text) && text.startsWith('https://'), {
      error: (issue) => explainOrigin(String(issue.input)),
    }),
  )
    .default([])
    .describe(
      "origins that sign-in talks to besides the issuer's, such as https://shop.auth.eu-central-1.amazoncognito.com; separated by commas",
    ),
  throttleRate: wholeNumber(1, 10_000).default(100).describe('API calls a second, on average'),
  throttleBurst: wholeNumber(1, 5_000).default(200).describe('API calls at once'),
  recommendMemoryMb: wholeNumber(128, 10_240)
    .default(1_769)
    .describe('memory of the Lambda that answers; 1,769 MB have one vCPU'),
  trainingMemoryMb: wholeNumber(512, 10_240)
    .optional()
    .describe("memory of each training stage, in place of the stage table's"),
  schedule: z
    .string()
    .refine((text) => text === 'off' || faultOfSchedule(text) === undefined, {
      error: (issue) => faultOfSchedule(String(issue.input)),
    })
    .default('cron(0 3 ? * MON *)')
    .describe('when to retrain, besides after each upload: an EventBridge Scheduler expression, or `off`'),
  scheduleTimeZone: z
    .string()
    .refine(isTimeZone, 'a time zone of the IANA database, written as there, such as Europe/Zurich')
    .default('UTC')
    .describe('time zone of the schedule'),
  uploadSettleSeconds: wholeNumber(0, 900)
    .default(60)
    .describe('from an upload to the start of a run: files that follow within this time are in the same run'),
  format: z
    .enum(['auto', ...FORMAT_NAMES])
    .default('auto')
    .describe(
      'known source of the uploaded files, or `auto`: told by their header; the settings below describe any other',
    ),
  sessionColumn: z.string().min(1).optional().describe('column of the session id, or several, separated by commas'),
  userColumn: z.string().min(1).optional().describe('column of the user, where there is no session; with `gap`'),
  gap: z
    .string()
    .refine((text) => parseGapSeconds(text) !== undefined, { error: '30m, 2h, 1d or seconds' })
    .optional()
    .describe('a session ends at a longer pause, such as 30m'),
  productColumn: z.string().min(1).optional().describe('column of the product id, or a path such as items[].item_id'),
  orderColumn: z.string().min(1).optional().describe("column of a view's position in its session"),
  timeColumns: list.optional().describe("columns of a view's time, coarsest first, separated by commas"),
  timeFormat: z
    .string()
    .includes('%', { error: 'a format with % such as %d/%m/%Y' })
    .optional()
    .describe('format of the time as `strptime` takes it'),
  dayFirst: yesOrNo.optional().describe('whether 03/04/2026 is in April'),
  eventColumn: z.string().min(1).optional().describe('column that says what happened; with `events`'),
  events: z
    .string()
    .refine((text) => parseEvents(text) !== undefined, { error: 'view_item=1,add_to_cart=3, each event once' })
    .optional()
    .describe('events that count, and how much, such as view_item=1,add_to_cart=3,purchase=5'),
  where: listOf(z.string().regex(CONDITION, { error: 'conditions such as country=CH,Quantity>0' }))
    .optional()
    .describe('only rows that hold to these conditions, such as country=CH; separated by commas'),
  columnNames: list.optional().describe('columns of files that have no header, separated by commas'),
  delimiter: z.string().min(1).max(2).optional().describe('between the cells of a file; detected when left out'),
  encoding: z.enum(['utf-8', 'latin-1', 'utf-16']).default('utf-8').describe('of text files'),
  preset: z
    .enum(Object.keys(PRESETS) as [keyof typeof PRESETS])
    .default('tuned')
    .describe('training settings to start from'),
  training: json(z.record(z.string(), z.unknown()))
    .default({})
    .describe('training settings on top of the preset, as JSON'),
  gate: z
    .enum(['enforce', 'record'])
    .default('enforce')
    .describe(
      'whether a run that is worse than the live one or than the baselines stays out, or goes live on the record',
    ),
  unreadableFiles: z
    .enum(['skip', 'fail'])
    .default('skip')
    .describe(
      'what a run does with an upload that cannot be read: trains without it, keeps its name and the reason, and tells you once; or fails until it is mended',
    ),
  logRetentionDays: wholeNumber(1, 3_653)
    .refine((days) => LOG_RETENTION_DAYS.includes(days), `one of ${LOG_RETENTION_DAYS.join(', ')}`)
    .default(30)
    .describe('how long logs are kept'),
  runRetentionDays: wholeNumber(1, 3_650)
    .default(90)
    .describe('how long a run is kept, from its training, once it is neither live nor what a rollback returns to'),
  removalPolicy: z
    .enum(['retain', 'destroy'])
    .default('retain')
    .describe('what `npm run destroy` does to the bucket and the logs'),
  terminationProtection: z
    .enum(['on', 'off'])
    .optional()
    .describe('whether the stack refuses to be removed; `on` for the stage `prod`, `off` for others when left out'),
  bucket: z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
      'the name of a bucket: 3 to 63 lower-case letters, digits, dots, hyphens',
    )
    .optional()
    .describe(
      'name of the bucket, in place of one that AWS makes up; one that `npm run destroy` kept is taken up again',
    ),
  kmsKeyArn: z
    .string()
    .regex(
      /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/(mrk-)?[0-9a-f-]{32,36}$/,
      'the ARN of a KMS key, arn:aws:kms:REGION:ACCOUNT:key/ID',
    )
    .optional()
    .describe("KMS key that encrypts the bucket, in place of S3's own; a key costs $1 a month"),
  uploadVersionDays: wholeNumber(1, 3_650)
    .optional()
    .describe('how long replaced and deleted versions of files under raw/ can be brought back; for ever when left out'),
  traceAnswers: z
    .enum(['on', 'off'])
    .default('off')
    .describe(
      'whether X-Ray traces the calls of the API: the first of each second and 5 % of the others, at up to $5 a million calls; runs are always traced',
    ),
  dashboard: z.enum(['on', 'off']).default('off').describe('a CloudWatch dashboard; $3 a month after the first three'),
  alarmEmail: z
    .email({ error: 'an e-mail address' })
    .optional()
    .describe('who is told when an alarm goes off; has to confirm a mail from AWS first'),
  modelMaxAgeDays: wholeNumber(1, 365).default(10).describe('alarm when the live model is older'),
  latencyAlarmMs: wholeNumber(1, 29_000).default(1_000).describe('alarm when the slowest 1 % of answers take longer'),
  fallbackAlarmPercent: wholeNumber(1, 100)
    .default(50)
    .describe('alarm when more of the recommended items are merely popular'),
} as const satisfies Record<string, z.ZodType>;

/** Separated by commas, or a JSON array where an item has a comma of its own. */
function itemsOf(text: string): unknown {
  if (text.trim() === '') return [];
  if (text.startsWith('[')) {
    try {
      return JSON.parse(text);
    } catch {
      // An item that begins with a bracket.
    }
  }
  return text.split(',').map((item) => item.trim());
}

function isTimeZone(name: string): boolean {
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
    // JavaScript takes +02:00 and europe/zurich too; EventBridge Scheduler does not.
    return !/^[+-]/.test(name) && (timeZone === name || timeZone.toLowerCase() !== name.toLowerCase());
  } catch {
    return false;
  }
}

export function isOrigin(text: string): boolean {
  return (
    text === '*' || (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text)
  );
}

export function explainOrigin(text: string): string {
  const guess = [text, `https://${text}`].find(
    (url) =>
      URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) && /^(?!https?$)[^,]+$/.test(new URL(url).hostname),
  );
  return `an origin, which is a scheme and a host without a path or a slash at the end, such as ${
    guess === undefined ? 'https://shop.example' : new URL(guess).origin
  }`;
}
