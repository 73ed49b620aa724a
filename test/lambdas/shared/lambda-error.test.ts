import { expect, test } from 'vitest';
import { messageOfCause } from '../../../lambdas/shared/lambda-error.ts';

const NOTHING_SAID = 'no cause was given: the stage timed out or its Lambda could not run';

test.each([
  [
    'JSON of Lambda',
    '{"errorType":"InputError","errorMessage":"raw/a.csv is empty.","trace":["at x"]}',
    'raw/a.csv is empty.',
  ],
  ['JSON without a message', '{"a":1}', '{"a":1}'],
  ['no object', 'null', 'null'],
  ['plain text', 'Lambda was killed', 'Lambda was killed'],
  ['nothing', undefined, NOTHING_SAID],
  ['empty', '', NOTHING_SAID],
])('explains a cause that is %s', (_, cause, message) => {
  expect(messageOfCause(cause)).toBe(message);
});
