import { expect, test } from 'vitest';
import { readTrigger } from '../../../lambdas/start-training/trigger.ts';

const attributes = { SentTimestamp: '1795450506000' };

test('an upload is as late as its whole second may mean', () => {
  const body = JSON.stringify({ source: 'aws.s3', time: '2026-11-23T16:15:00Z', detail: { object: { key: 'raw/a' } } });
  expect(readTrigger({ messageId: 'm1', body, attributes })).toEqual({
    name: 'upload-m1',
    atMs: Date.parse('2026-11-23T16:15:01Z'),
  });
});

test('the schedule is due when its message was sent', () => {
  const body = JSON.stringify({ source: 'alike.schedule' });
  expect(readTrigger({ messageId: 'm2', body, attributes })).toEqual({ name: 'schedule-m2', atMs: 1_795_450_506_000 });
});

test.each(['', '{', '[]', '{"source":"aws.s3","time":"yesterday"}'])('refuses %j', (body) => {
  expect(() => readTrigger({ messageId: 'm3', body, attributes })).toThrow(/Message m3 is no event/);
});
