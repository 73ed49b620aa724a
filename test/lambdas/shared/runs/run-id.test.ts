import { expect, it } from 'vitest';
import { runIdOf, runStartMs } from '../../../../lambdas/shared/runs/run-id.ts';

it('is the start in UTC and the CRC-32 of the execution', () => {
  // CRC-32 of "123456789" is the check value of the algorithm's catalogue: cbf43926.
  expect(runIdOf({ id: '123456789', startedAt: '2026-11-23T17:15:00.123+01:00' })).toBe('20261123T161500123Z-cbf43926');
  expect(runIdOf({ id: '123456789', startedAt: '2026-11-23T16:15:00Z' })).toBe('20261123T161500000Z-cbf43926');
});

it('gives the start back', () => {
  const startedAt = '2026-11-23T17:15:00.123+01:00';
  expect(runStartMs(runIdOf({ id: 'a', startedAt }))).toBe(Date.UTC(2026, 10, 23, 16, 15, 0, 123));
});

it('sorts by time, and differs for executions of the same moment', () => {
  const at = (startedAt: string, id = 'a') => runIdOf({ id, startedAt });
  const ids = [at('2026-11-23T09:59:59.999Z'), at('2026-11-23T10:00:00.000Z'), at('2027-01-01T00:00:00.000Z')];
  expect(ids.toSorted()).toEqual(ids);
  expect(at('2026-11-23T10:00:00Z', 'a')).not.toBe(at('2026-11-23T10:00:00Z', 'b'));
});
