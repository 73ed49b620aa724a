import { expect, test } from 'vitest';
import { isData, readTrigger, settledEvent, startsRun } from '../../../lambdas/start-training/trigger.ts';

test('reads what EventBridge and its scheduler send', () => {
  const upload = { source: 'aws.s3', time: '2026-11-23T16:15:00Z', detail: { object: { key: 'raw/a.csv', size: 3 } } };
  expect(readTrigger(upload)).toEqual({
    kind: 'upload',
    key: 'raw/a.csv',
    uploadedAtMs: Date.UTC(2026, 10, 23, 16, 15),
  });
  expect(readTrigger({ source: 'alike.schedule' })).toEqual({ kind: 'schedule' });
  expect(readTrigger(JSON.parse(settledEvent(1_795_450_506_000)))).toEqual({
    kind: 'settled',
    uploadedBeforeMs: 1_795_450_506_000,
  });
});

test.each([undefined, null, '', {}, [], { source: 'aws.s3' }, { source: 'alike.settled', uploadedBeforeMs: -1 }])(
  'refuses %j by itself',
  (event) => {
    expect(() => readTrigger(event)).toThrow(/neither an upload .* nor settled uploads/);
  },
);

test.each([
  ['raw/clicks.csv', true, true],
  ['raw/2026/11/clicks.csv', true, true],
  ['raw/_SUCCESS', false, false],
  ['raw/_alone/clicks.csv', false, false],
  ['raw/.DS_Store', false, false],
  ['raw/folder/', false, false],
  ['runs/r/manifest.json', false, false],
  ['raw/events/dt=2026-11-26/hour=03/x.gz', true, false],
])('%s is data: %s; its upload starts a run: %s', (key, data, starts) => {
  expect(isData(key)).toBe(data);
  expect(startsRun(key)).toBe(starts);
});
