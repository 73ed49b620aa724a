import { describe, expect, test } from 'vitest';
import { checkTyped, nextSettings } from '../../../scripts/deploy/deployment-settings.ts';

const NO_FILES = { settings: {}, origins: {} };
const given = (
  kept: Record<string, unknown> | undefined,
  files: Record<string, unknown>,
  set: Record<string, string>,
  unset: string[] = [],
) => {
  const origins = Object.fromEntries(Object.keys(files).map((name) => [name, 'alike.config.json']));
  return nextSettings(kept, { settings: files, origins }, { set, unset }).given;
};

describe('a redeployment', () => {
  test('with one setting keeps all the others', () => {
    const kept = {
      access: 'public',
      alarmEmail: 'ops@shop.example',
      sessionColumn: 's',
      productColumn: 'p',
      orderColumn: 'o',
    };
    expect(given(kept, {}, { throttleRate: '50' })).toEqual({ ...kept, throttleRate: 50 });
    expect(given(kept, {}, {})).toEqual(kept);
  });

  test('takes the file over what was kept, and what is typed over both', () => {
    expect(
      given({ throttleRate: 1, throttleBurst: 1 }, { throttleRate: 2, preset: 'layer' }, { preset: 'tuned' }),
    ).toEqual({
      throttleRate: 2,
      throttleBurst: 1,
      preset: 'tuned',
    });
  });

  test('forgets what is unset, and what no release knows any more', () => {
    expect(given({ alarmEmail: 'a@b.example', access: 'public', gone: 1 }, {}, {}, ['alarmEmail'])).toEqual({
      access: 'public',
    });
  });

  test('judges together the settings that need each other', () => {
    const kept = { jwtIssuer: 'https://login.example', jwtAudience: ['shop'] };
    expect(given(kept, {}, { access: 'jwt' })).toEqual({ ...kept, access: 'jwt' });
    expect(() => given(undefined, {}, { access: 'jwt' })).toThrow(/jwtIssuer and jwtAudience/);
  });

  test('says that a kept value which is no longer allowed was kept', () => {
    expect(() => given({ access: 'open' }, {}, {})).toThrow(
      'kept with the stack: give --set access=… or --unset access',
    );
  });
});

describe('what is refused before AWS is asked', () => {
  test.each([
    [{ set: { region: 'eu-central-1' }, unset: [] }, 'give --region eu-central-1'],
    [{ set: { stage: 'prod' }, unset: [] }, 'give --stage prod'],
    [{ set: { throttleRate: 'many' }, unset: [] }, 'Give --set throttleRate='],
    [{ set: { shedule: 'off' }, unset: [] }, 'no setting shedule'],
    [{ set: {}, unset: ['shedule'] }, 'no setting to unset: shedule (did you mean "schedule"?)'],
    [{ set: { access: 'iam' }, unset: ['access'] }, 'exclude each other'],
  ])('%j', (typed, message) => {
    expect(() => checkTyped(NO_FILES, typed)).toThrow(message);
  });

  test('a wrong value of a file, and unsetting what a file says, name the file', () => {
    const files = { settings: { throttleRate: 'many' }, origins: { throttleRate: 'alike.config.json' } };
    expect(() => checkTyped(files, { set: {}, unset: [] })).toThrow('Correct it in alike.config.json.');
    expect(() => checkTyped(files, { set: {}, unset: ['throttleRate'] })).toThrow(
      'stands in alike.config.json; remove it',
    );
  });
});
