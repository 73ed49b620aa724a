import { expect, test } from 'vitest';
import { resolveConfig } from '../../../infra/config.ts';
import { describeChange, settingsChanges } from '../../../scripts/deploy/settings-change.ts';

const changes = (kept: Record<string, unknown> | undefined, next: Record<string, unknown>) =>
  settingsChanges(kept, resolveConfig(next));
const losses = (kept: Record<string, unknown>, next: Record<string, unknown>) =>
  changes(kept, next).flatMap(({ loss }) => loss ?? []);

test('what is the same, in whichever form it was written, is no change', () => {
  const kept = { throttleRate: 50, corsOrigins: ['https://a.example'], access: 'iam' };
  expect(changes(kept, { throttleRate: '50', corsOrigins: 'https://a.example' })).toEqual([]);
});

test('a change names the setting, what it was and what it becomes', () => {
  const [change] = changes({ throttleRate: 50 }, { throttleRate: 60 });
  expect(change).toEqual({ name: 'throttleRate', before: 50, after: 60, loss: undefined });
  expect(describeChange(change)).toBe('  throttleRate: 50 → 60');
  expect(describeChange(changes({ alarmEmail: 'a@b.example' }, {})[0])).toBe(
    '  alarmEmail: a@b.example → none\n    ! a@b.example is no longer told when an alarm goes off.',
  );
});

test.each([
  [{ access: 'public' }, {}, /callers without credentials are refused \(403\)/],
  [
    {},
    { access: 'jwt', jwtIssuer: 'https://login.example', jwtAudience: 'shop' },
    /callers with aws credentials are refused \(401\)/i,
  ],
  [
    { access: 'jwt', jwtIssuer: 'https://login.example', jwtAudience: ['shop'] },
    { access: 'jwt', jwtIssuer: 'https://login.example', jwtAudience: 'other' },
    /tokens that the API takes today/,
  ],
  [{ corsOrigins: ['https://a.example', 'https://b.example'] }, { corsOrigins: 'https://b.example' }, /a\.example/],
  [{ alarmEmail: 'a@b.example' }, { alarmEmail: 'c@b.example' }, /a@b\.example is no longer told/],
  [{ sessionColumn: 's', productColumn: 'p', orderColumn: 'o' }, {}, /other columns/],
  [{}, { removalPolicy: 'destroy' }, /delete all data/],
])('from %j to %j somebody loses something', (kept, next, loss) => {
  expect(losses(kept, next).join('\n')).toMatch(loss);
});

test.each([
  [{}, { access: 'public' }],
  [{ corsOrigins: ['https://a.example'] }, { corsOrigins: 'https://a.example,https://b.example' }],
  [{ corsOrigins: ['https://a.example'] }, { corsOrigins: '*' }],
  [{}, { alarmEmail: 'a@b.example' }],
  [{}, { throttleRate: '50', recommendMemoryMb: '1024', preset: 'layer' }],
  [{ removalPolicy: 'destroy' }, {}],
])('from %j to %j nobody does', (kept, next) => {
  expect(losses(kept, next)).toEqual([]);
});

test('a new stack takes nothing from anybody', () => {
  const [change] = changes(undefined, { removalPolicy: 'destroy' });
  expect(change).toMatchObject({ name: 'removalPolicy', loss: undefined });
});
