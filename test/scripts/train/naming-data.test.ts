import { expect, it } from 'vitest';
import { InputError, RunFailedError } from '../../../engine/errors.ts';
import { argvOfRequest, namingData } from '../../../scripts/train/naming-data.ts';

const suggesting = () =>
  new InputError(
    'Say which is which:\n  npm run train -- --data FILE --session s --names a,b\nA known source is named with --format.',
  );

const suggested = (...argv: string[]) =>
  (namingData(suggesting(), argv) as Error).message.split('\n')[1].replace('  npm run train -- ', '');

it('puts the files that were typed into a suggested command, as a shell takes them', () => {
  expect(suggested('--data', 'my clicks.csv')).toBe("--data 'my clicks.csv' --session s --names a,b");
  expect(suggested('--data', 'a.csv', "b's.csv")).toBe("--data a.csv 'b'\\''s.csv' --session s --names a,b");
  expect(suggested('--data=a.csv')).toBe('--data=a.csv --session s --names a,b');
});

it.each(['$&.csv', "it's $'.csv", 'cost$$.csv', '$`.csv'])('GIVEN %s THEN its name stands as it is', (name) => {
  const quoted = `'${name.replaceAll("'", () => "'\\''")}'`;
  expect(suggested('--data', name)).toBe(`--data ${quoted} --session s --names a,b`);
});

it('goes on with the other options that were typed, but for those that it names itself', () => {
  const typed = [
    '--workspace',
    '../new shop',
    '--preset',
    'layer',
    '--data',
    'a.csv',
    '--set',
    'k=3',
    '--set',
    'x=a b',
  ];
  expect(suggested(...typed, '--names', 'a,b', '--json')).toBe(
    "--data a.csv --session s --names a,b --workspace '../new shop' --preset layer --set k=3 --set 'x=a b' --json",
  );
});

it('names no files where a deployment read its own', () => {
  expect(suggested('--stage', 'prod')).toBe('--session s --names a,b --stage prod');
});

it('takes the request of a run that is resumed', () => {
  const request = { source: 'file:///a.csv', preset: 'layer' as const, settings: { k: 3, question: 'view' as const } };
  expect(suggested(...argvOfRequest(request, '../w'))).toBe(
    '--data file:///a.csv --session s --names a,b --workspace ../w --preset layer --set k=3 --set question=view',
  );
});

it('leaves alone what it does not know', () => {
  const crash = new TypeError('npm run train -- --data FILE');
  expect(namingData(crash, ['--data', 'a.csv'])).toBe(crash);
  expect(crash.message).toBe('npm run train -- --data FILE');
  expect(namingData(new RunFailedError('Stage embed failed.'), ['--data', 'a.csv'])).toMatchObject({
    message: 'Stage embed failed.',
  });
});

it('puts the folder that was typed before one of its files, where it is one', () => {
  const inFolder = (...argv: string[]) => {
    const error = new InputError(
      'Train on it alone:\n  npm run train -- --data FOLDER/a.csv --session s\nIn place of FOLDER put it.',
    );
    const [, command, ...more] = (namingData(error, argv) as Error).message.split('\n');
    expect(more).toEqual(command.includes('FOLDER') ? ['In place of FOLDER put it.'] : []);
    return command.replace('  npm run train -- ', '');
  };
  expect(inFolder('--data', 'my data/', '--set', 'k=3')).toBe("--data 'my data'/a.csv --session s --set k=3");
  expect(inFolder('--data', 'x', 'y')).toBe('--data FOLDER/a.csv --session s');
  expect(inFolder('--data', 'x/*.csv')).toBe('--data FOLDER/a.csv --session s');
});
