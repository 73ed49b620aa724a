import { expect, it } from 'vitest';
import { InputError } from '../../../engine/errors.ts';
import { namingData } from '../../../scripts/train/naming-data.ts';

const suggesting = () => new InputError('Say which is which:\n  npm run train -- --data FILE --session s');

it('puts the files that were typed into a suggested command, as a shell takes them', () => {
  expect(namingData(suggesting(), 'my clicks.csv')).toMatchObject({
    message: "Say which is which:\n  npm run train -- --data 'my clicks.csv' --session s",
  });
  expect(namingData(suggesting(), ['a.csv', "b's.csv"])).toMatchObject({
    message: expect.stringContaining("--data a.csv 'b'\\''s.csv' --session"),
  });
});

it('leaves alone what it does not know', () => {
  const crash = new TypeError('--data FILE');
  expect(namingData(crash, 'a.csv')).toBe(crash);
  expect(crash.message).toBe('--data FILE');
});
