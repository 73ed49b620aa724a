import { expect, it } from 'vitest';
import { writtenText } from '../../../scripts/lib/written-text.ts';

it('GIVEN text THEN it is taken without the spaces around it', () => {
  expect(writtenText(5)(' Zoé \n')).toBe('Zoé');
  expect(writtenText(5)('12345')).toBe('12345');
});

it.each([' ', '\t\n', '\u00a0', '123456'])('GIVEN %j THEN it is refused', (text) => {
  expect(() => writtenText(5)(text)).toThrow('Give text of 1 to 5 characters.');
});
