import { expect, test } from 'vitest';
import { collectSet } from '../../../scripts/lib/set-option.ts';

const collect = collectSet('k=20', (text) => text.toUpperCase());

test('collects name by name, and the last one of a name holds', () => {
  const settings = ['a=x', 'b=1=2', 'a=y\nz', 'c='].reduce((all, text) => collect(text, all), {});

  expect(settings).toEqual({ a: 'Y\nZ', b: '1=2', c: '' });
});

test.each(['k', '=1', ''])('refuses %j and shows an example', (text) => {
  expect(() => collect(text, {})).toThrow(`--set takes key=value, for example --set k=20; found "${text}".`);
});
