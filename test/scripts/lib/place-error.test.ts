import { expect, test } from 'vitest';
import { ConfigurationError } from '../../../engine/errors.ts';
import { explainPlaceError } from '../../../scripts/lib/place-error.ts';

test.each([
  ['EACCES', /Let this user read and write there, or choose another folder \(--workspace\)\./],
  ['EROFS', /Let this user read and write there, or choose another folder \(--workspace\)\./],
  ['ENOSPC', /Free some space, or choose a folder on another disk \(--workspace\)\./],
  ['ENOENT', /may be one that can only be read: choose another place \(--workspace\)\./],
  ['ENOTDIR', /A file stands where a folder would be.* \(--workspace\)\./],
  ['EEXIST', /A file stands where a folder would be.* \(--workspace\)\./],
])('%s names the option', (code, fix) => {
  const cause = Object.assign(new Error(`${code}: reason, mkdir '/a'`), { code });
  const explained = explainPlaceError(cause, 'Cannot write to the workspace /a', '--workspace');
  expect(explained).toBeInstanceOf(ConfigurationError);
  expect(explained).toMatchObject({ cause, message: expect.stringMatching(fix) });
  expect(explained).toMatchObject({ message: expect.stringContaining(`workspace /a: ${code}: reason, mkdir '/a'.`) });
});

test('another fault passes through as it is', () => {
  const cause = Object.assign(new Error('EIO: i/o error'), { code: 'EIO' });
  expect(explainPlaceError(cause, 'Cannot write a', '--workspace')).toBe(cause);
});
