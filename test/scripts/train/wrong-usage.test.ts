import { expect, test } from 'vitest';
import { runScript } from '../../support/run-script.ts';

const data = ['--data', import.meta.filename];

test.each([
  ['no data', ['train.ts'], '--data FILE'],
  ['a setting without a value', ['train.ts', ...data, '--set', 'x'], '--set takes key=value'],
  ['a gap that is none', ['train.ts', ...data, '--gap', 'abc'], '--gap takes 30m'],
  ['events that are none', ['train.ts', ...data, '--events', 'x=y'], '--events takes view_item=1'],
  ['a user without a gap', ['train.ts', ...data, '--user', 'visitor'], 'needs a gap'],
  ['more data of no deployment', ['train.ts', ...data, '--add'], 'give --stage as well'],
  ['the region of no deployment', ['train.ts', ...data, '--region', 'eu-central-1'], 'give --stage as well'],
  ['another request of a run', ['train.ts', '--resume', 'x', '--set', 'k=3'], 'leave out --set, or'],
  [
    'other data and columns of a run',
    ['train.ts', '--resume', 'x', ...data, '--time', 't'],
    'leave out --time, --data, or',
  ],
  ['a condition that is none', ['train.ts', ...data, '--where', 'page~x'], '--where takes COLUMN=VALUE'],
  ['no version to promote', ['catalogue.ts', 'promote'], 'promote VERSION'],
  ['a token of no deployment', ['recommend.ts', 'A13', '--token', 'x'], 'give --stage or --url as well'],
])('%s is a wrong command line', async (_, [script, ...argv], message) => {
  const { exitCode, stderr } = await runScript(script, ...argv);
  expect(stderr).toContain(message);
  expect(exitCode).toBe(2);
});
