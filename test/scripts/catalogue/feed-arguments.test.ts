import { Command } from 'commander';
import { expect, test } from 'vitest';
import { loadOptionsOf, withFeedOptions } from '../../../scripts/catalogue/feed-arguments.ts';

test('a column of actions is taken for changes, and refused for a whole feed', () => {
  expect(loadOptionsOf({ action: 'what', delta: true })).toEqual({ kind: 'delta', columns: { action: 'what' } });
  expect(() => loadOptionsOf({ action: 'what' })).toThrow('--action is for changes: give --delta as well.');
});

test('a field has one column', () => {
  const parse = (...argv: string[]) => {
    const command = withFeedOptions(new Command())
      .exitOverride()
      .configureOutput({ writeErr() {} });
    return loadOptionsOf(command.parse(argv, { from: 'user' }).opts());
  };
  expect(parse('--attribute', 'colour=a', '--attribute', 'size=b', '--id', 'c').columns).toEqual({
    colour: 'a',
    size: 'b',
    id: 'c',
  });
  expect(() => parse('--attribute', 'colour=a', '--attribute', 'colour=b')).toThrow('It names "colour" twice.');
  expect(() => parse('--attribute', 'sale_price=a', '--sale-price', 'b')).toThrow(
    '--attribute sale_price=a and --sale-price b name one field: give one of them.',
  );
});
