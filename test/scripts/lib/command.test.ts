import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Option } from 'commander';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../engine/errors.ts';
import { newCommand, runCommand, wholeNumber } from '../../../scripts/lib/command.ts';
import { repeatable } from '../../../scripts/lib/repeatable.ts';
import { UsageError } from '../../../scripts/lib/usage-error.ts';

const collect = (text: string, before: string[] = []) => [...before, text];

/** Runs a small command whose action is given, and returns everything it printed. */
async function run(argv: string[], action: () => unknown = () => {}, env: Record<string, string> = {}) {
  let stdout = '';
  let stderr = '';
  const command = newCommand({ script: 'shelve', summary: 'Shelves a product.', examples: ['npm run shelve -- A13'] })
    .argument('<product>', 'the product to shelve')
    .option('--count <n>', 'how many', wholeNumber(1, 100), 5)
    .option('--seed <n>', 'repeatable', wholeNumber(0))
    .addOption(new Option('--preset <name>', 'settings').choices(['layer', 'tuned']))
    .option('--shelf <names...>', 'where')
    .option('--where <condition>', 'which', repeatable(collect))
    .option('--json', 'print JSON')
    .action(async () => {
      await action();
    });
  const exitCode = await runCommand(command, {
    argv,
    env,
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
  });
  return { exitCode, stdout, stderr, options: command.opts() };
}

describe('a command', () => {
  it('succeeds with the values it was given and its defaults', async () => {
    const { exitCode, options, stderr } = await run(['A13', '--seed', '0', '--preset', 'layer']);
    expect(exitCode).toBe(0);
    expect(options).toEqual({ count: 5, seed: 0, preset: 'layer' });
    expect(stderr).toBe('');
  });

  it('takes again what adds to what was given, and a flag', async () => {
    const argv = ['A13', '--where', 'a', '--shelf', 'b', 'c', '--json', '--where', 'd', '--shelf', 'e', '--json'];
    const { exitCode, options } = await run(argv);
    expect(exitCode).toBe(0);
    expect(options).toEqual({ count: 5, where: ['a', 'd'], shelf: ['b', 'c', 'e'], json: true });
  });

  it('prints its help on stdout: how to call it through npm, every option, examples', async () => {
    const { exitCode, stdout, stderr } = await run(['--help']);
    expect(exitCode).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toContain('Usage: npm run shelve -- [options] <product>');
    for (const flag of ['--count <n>', '--seed <n>', '--preset <name>', '--json']) expect(stdout).toContain(flag);
    expect(stdout).toContain('(default: 5)');
    expect(stdout).toContain('choices: "layer", "tuned"');
    expect(stdout).toContain('Examples:\n  npm run shelve -- A13');
  });
});

it('ends quietly when the reader of its output has seen enough', async () => {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../../scripts/runs.ts'), '--help']);
  child.stdout.destroy();
  const stderr = text(child.stderr);
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(await stderr).toBe('');
});

describe('a wrong command line exits with 2 and', () => {
  it.each([
    ['an unknown option suggests the near one', ['A13', '--cuont', '3'], ["'--cuont'", 'Did you mean --count?']],
    ['a missing argument is named', [], ["missing required argument 'product'"]],
    ['an excess argument is refused', ['A13', 'A14'], ['too many arguments', 'A14']],
    [
      'a value outside the choices names them',
      ['A13', '--preset', 'best'],
      ["'--preset <name>'", "'best'", 'layer, tuned'],
    ],
    ['a number out of range names the range', ['A13', '--count', '101'], ["'--count <n>'", "'101'", 'from 1 to 100']],
    ['a fraction is no whole number', ['A13', '--count', '2.5'], ["'2.5'", 'whole number']],
    ['an empty value is no number', ['A13', '--count', ''], ["''", 'whole number']],
    [
      'an empty text is no value',
      ['A13', '--shelf', ''],
      ["option '--shelf <names...>' is empty", 'variable of the shell'],
    ],
    ['nor is one of several', ['A13', '--shelf', 'top', ''], ["option '--shelf <names...>' is empty"]],
    ['an empty argument is none', [''], ["argument 'product' is empty"]],
    ['a negative number is read as a value', ['A13', '--seed', '-1'], ["'--seed <n>'", "'-1'", '0 or more']],
    [
      'an option is given once',
      ['A13', '--seed', '1', '--seed=1'],
      ["option '--seed <n>' is given twice: give it once"],
    ],
    ['an option without its value is named', ['A13', '--count'], ["'--count <n>'", 'argument missing']],
  ])('%s', async (_, argv, expected) => {
    const { exitCode, stdout, stderr } = await run(argv);
    expect(exitCode).toBe(2);
    for (const part of expected) expect(stderr).toContain(part);
    expect(stderr).toContain('See: npm run shelve -- --help');
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stdout).toBe('');
  });

  it('what options say together is told in one line', async () => {
    const refuse = () => {
      throw new UsageError('--shelf is for --seed: give both.');
    };
    const { exitCode, stdout, stderr } = await run(['A13', '--json'], refuse);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: 'error: --shelf is for --seed: give both.\n' });
    expect(JSON.parse(stdout).error.name).toBe('UsageError');
  });

  it('--json repeats the error as the last line of stdout', async () => {
    const { stdout } = await run(['A13', '--json', '--preset', 'best']);
    expect(JSON.parse(stdout.trimEnd().split('\n').at(-1)!)).toEqual({
      error: { name: 'UsageError', message: expect.stringContaining("'best' is invalid") },
    });
  });
});

describe('a failing command exits with 1 and', () => {
  const refuse = () => {
    throw new InputError('No column "product": found "sku". Name it with --product.');
  };
  const crash = () => {
    throw new TypeError('x is undefined');
  };

  it('prints an error raised on purpose as one plain line', async () => {
    const { exitCode, stderr, stdout } = await run(['A13'], refuse);
    expect(exitCode).toBe(1);
    expect(stderr).toBe('error: No column "product": found "sku". Name it with --product.\n');
    expect(stdout).toBe('');
  });

  it('prints it as JSON too when asked', async () => {
    const { stdout } = await run(['A13', '--json'], refuse);
    expect(JSON.parse(stdout)).toEqual({
      error: { name: 'InputError', message: 'No column "product": found "sku". Name it with --product.' },
    });
  });

  it('keeps the stack of an unexpected error for DEBUG=alike', async () => {
    const quiet = await run(['A13'], crash);
    expect(quiet.exitCode).toBe(1);
    expect(quiet.stderr).toBe(
      'error: unexpected: x is undefined\nRun it again with DEBUG=alike to see where it came from.\n',
    );
    const debug = await run(['A13'], crash, { DEBUG: 'alike' });
    expect(debug.stderr).toContain('TypeError: x is undefined');
    expect(debug.stderr).toMatch(/^\s+at /m);
  });
});

it('warns when npm kept an option because "--" was forgotten', async () => {
  const { exitCode, stderr } = await run(['A13'], undefined, { npm_config_count: '3' });
  expect(exitCode).toBe(0);
  expect(stderr).toBe(
    'warning: npm kept --count for itself; put "--" before the command\'s options: npm run shelve -- --count …\n',
  );
});

it("does not take npm's own setting of that name, switched off, for an option that was kept", async () => {
  expect((await run(['A13'], undefined, { npm_config_count: '' })).stderr).toBe('');
});
