import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { describe, expect, test } from 'vitest';
import { ConfigurationError } from '../../engine/errors.ts';
import { readConfig } from '../../infra/config.ts';
import { LOG_RETENTION_DAYS, SETTINGS } from '../../infra/settings.ts';

describe('GIVEN no settings', () => {
  test('THEN the API asks for credentials, data is kept, and a run trains on all uploads', () => {
    expect(readConfig({ '@aws-cdk/core:checkSecretUsage': true })).toMatchObject({
      stage: 'dev',
      access: 'iam',
      removalPolicy: 'retain',
      trainingDefaults: { source: 'raw/', preset: 'tuned', columns: {} },
    });
  });
});

describe('GIVEN settings of a stage and of the command line', () => {
  const context = {
    alike: {
      prod: { access: 'public', throttleRate: 7, corsOrigins: ['https://a.example'] },
      dev: { throttleRate: 1 },
    },
    'alike:stage': 'prod',
    'alike:throttleRate': '9',
  };
  test('THEN the command line wins over the stage, and other stages do not count', () => {
    expect(readConfig(context)).toMatchObject({
      stage: 'prod',
      access: 'public',
      throttleRate: 9,
      corsOrigins: ['https://a.example'],
    });
  });
});

test('text from the command line becomes numbers, lists and objects', () => {
  const config = readConfig({
    'alike:throttleBurst': '12',
    'alike:corsOrigins': 'https://a.example, https://b.example',
    'alike:training': '{"k":20}',
    'alike:sessionColumn': 'visit',
    'alike:productColumn': 'sku',
    'alike:timeColumns': 'day,time',
  });
  expect(config).toMatchObject({ throttleBurst: 12, corsOrigins: ['https://a.example', 'https://b.example'] });
  expect(config.trainingDefaults).toMatchObject({
    columns: { session: 'visit', product: 'sku', time: ['day', 'time'] },
    settings: { k: 20 },
    force: false,
  });
});

test('uploads are read as a run reads its files', () => {
  const { trainingDefaults } = readConfig({
    'alike:userColumn': 'visitor',
    'alike:sessionColumn': 'day,visit',
    'alike:gap': '30m',
    'alike:productColumn': 'items[].sku',
    'alike:timeColumns': 'at',
    'alike:timeFormat': '%d.%m.%Y',
    'alike:dayFirst': 'true',
    'alike:eventColumn': 'what',
    'alike:events': 'view=1,cart=2.5',
    'alike:where': 'country=CH, Quantity>0',
    'alike:columnNames': 'day,visit,visitor,items,at,what',
    'alike:delimiter': '\\t',
    'alike:encoding': 'latin-1',
  });
  expect(trainingDefaults).toMatchObject({
    columns: {
      session: ['day', 'visit'],
      user: 'visitor',
      gapSeconds: 1800,
      product: 'items[].sku',
      time: ['at'],
      timeFormat: '%d.%m.%Y',
      dayFirst: true,
      event: 'what',
      events: { view: 1, cart: 2.5 },
    },
    where: ['country=CH', 'Quantity>0'],
    names: ['day', 'visit', 'visitor', 'items', 'at', 'what'],
    delimiter: '\t',
    encoding: 'latin-1',
  });
  expect(readConfig({ 'alike:format': 'auto' }).trainingDefaults).toMatchObject({ columns: {} });
  expect(readConfig({ 'alike:format': 'ga4' }).trainingDefaults).toMatchObject({
    format: 'ga4',
    columns: { product: 'items[].item_id' },
  });
});

test('a gate that only records lets every run go live', () => {
  expect(readConfig({ 'alike:gate': 'record' }).trainingDefaults).toMatchObject({ force: true });
});

/** For each setting, a value that is refused and what the message has to say besides the name. */
const REFUSED: Record<string, [value: unknown, allowed: string][]> = {
  stage: [['Pro-d', 'lower-case letters']],
  region: [
    ['zurich', 'eu-central-1'],
    ['eu-middle-1', 'eu-central-1'],
  ],
  architecture: [['arm', 'arm64, x86_64']],
  access: [
    ['open', 'iam, jwt, public'],
    ['jwt', 'jwtIssuer and jwtAudience'],
  ],
  jwtIssuer: [['http://insecure.example', 'https://']],
  jwtAudience: [[5, 'array']],
  console: [
    ['on', 'off, hosted'],
    ['hosted', 'consoleIssuer and consoleClientId'],
  ],
  consoleIssuer: [['http://insecure.example', 'https://']],
  consoleClientId: [['', '']],
  consoleOrigins: [
    ['tokens.example', 'such as https://tokens.example'],
    ['http://tokens.example', 'an origin'],
  ],
  corsOrigins: [
    [5, 'array'],
    ['shop.example', 'such as https://shop.example'],
    ['https://shop.example/', 'such as https://shop.example'],
    ['https://', 'such as https://shop.example'],
    ['https://shop.example/shop', 'such as https://shop.example'],
  ],
  throttleRate: [
    ['many', 'a whole number from 1 to 10000'],
    ['0', 'at least 1'],
  ],
  throttleBurst: [['5001', 'at most 5000']],
  recommendMemoryMb: [['64', 'at least 128']],
  trainingMemoryMb: [['64', 'at least 512']],
  schedule: [
    ['daily', 'cron(…), rate(…) or off'],
    ['rate(1 days)', 'rate(1 day)'],
  ],
  scheduleTimeZone: [
    ['Mars/Olympus', 'Europe/Zurich'],
    ['+02:00', 'Europe/Zurich'],
    ['europe/zurich', 'Europe/Zurich'],
  ],
  uploadSettleSeconds: [['901', 'at most 900']],
  format: [['shopify', 'eshop']],
  sessionColumn: [['visit', 'columns.product']],
  productColumn: [['sku', 'columns.session']],
  orderColumn: [['n', 'columns.session']],
  timeColumns: [[5, 'array']],
  userColumn: [['visitor', 'columns.product']],
  gap: [['soon', '30m, 2h, 1d or seconds']],
  timeFormat: [['day.month', 'a format with %']],
  dayFirst: [['perhaps', 'true or false']],
  eventColumn: [[5, 'string']],
  events: [
    ['view=much', 'view_item=1,add_to_cart=3'],
    ['view=1,buy=3,view=2', 'each event once'],
  ],
  where: [['country', 'country=CH']],
  columnNames: [[5, 'array']],
  delimiter: [['abc', 'at most 2']],
  encoding: [['ebcdic', 'utf-8, latin-1, utf-16']],
  preset: [['best', 'layer, tuned']],
  gate: [['off', 'enforce, record']],
  training: [
    ['{k:1}', 'a JSON object'],
    ['{"kk":1}', 'kk'],
  ],
  traceAnswers: [['yes', 'on, off']],
  unreadableFiles: [['ignore', 'skip, fail']],
  logRetentionDays: [['8', 'one of 1, 3, 5, 7, 14']],
  runRetentionDays: [['0', 'at least 1']],
  removalPolicy: [['keep', 'retain, destroy']],
  terminationProtection: [['yes', 'on, off']],
  bucket: [['My_Bucket', 'lower-case letters']],
  kmsKeyArn: [['alias/mine', 'arn:aws:kms:']],
  uploadVersionDays: [['0', 'at least 1']],
  dashboard: [['yes', 'on, off']],
  alarmEmail: [['ops', 'an e-mail address']],
  modelMaxAgeDays: [['0', 'at least 1']],
  latencyAlarmMs: [['0', 'at least 1']],
  fallbackAlarmPercent: [['101', 'at most 100']],
};

test('what somebody gave is kept as it was understood, and nothing else', () => {
  expect(readConfig({ 'alike:throttleRate': '5', 'alike:corsOrigins': '["https://a.example"]' }).given).toEqual({
    throttleRate: 5,
    corsOrigins: ['https://a.example'],
  });
});

test('logs may be kept as long as CloudWatch keeps them', () => {
  const days = Object.values(RetentionDays).filter((value) => typeof value === 'number' && value <= 3_653);
  expect(LOG_RETENTION_DAYS).toEqual(days);
});

describe('a wrong value', () => {
  test.each(
    Object.entries(REFUSED).flatMap(([name, cases]) =>
      cases.map(([value, allowed]) => [name, value, allowed] as const),
    ),
  )('of %s, %j, is refused by name', (name, value, allowed) => {
    const read = () => readConfig({ [`alike:${name}`]: value });
    expect(read).toThrow(ConfigurationError);
    expect(read).toThrow(name);
    expect(read).toThrow(allowed);
  });

  test('of every setting is tried above', () => {
    expect(Object.keys(REFUSED).sort()).toEqual([...Object.keys(SETTINGS), 'region', 'stage'].sort());
  });

  test('that is misspelt is refused with the names there are', () => {
    expect(() => readConfig({ 'alike:shedule': 'off' })).toThrow(
      /There is no setting shedule \(did you mean "schedule"\?\)\. The settings are .*schedule/,
    );
  });
});
