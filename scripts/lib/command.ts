import { inspect } from 'node:util';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { AlikeError, messageOf } from '../../engine/errors.ts';
import { mayRepeat } from './repeatable.ts';
import { UsageError } from './usage-error.ts';

export interface CommandDescription {
  /** The npm script: `data` is run as `npm run data -- …`. */
  script: string;
  summary: string;
  /** Whole command lines for `--help`, the simplest first. */
  examples: readonly string[];
}

/** Where a command takes its arguments from and prints to; a test brings its own. */
export interface Invocation {
  /** Without node and the script. */
  argv: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  stdout: { write(text: string): unknown };
  stderr: { write(text: string): unknown };
}

const EXIT_FAILURE = 1;
const EXIT_USAGE = 2;

/** A command that knows how it is called and how it fails; the script adds its arguments, options and action. */
export function newCommand({ script, summary, examples }: CommandDescription): Command {
  const run = script === 'start' ? 'npm start' : `npm run ${script}`;
  return new Command(`${run} --`)
    .description(summary)
    .helpOption('-h, --help', 'show this help')
    .addHelpText('after', `\nExamples:\n${examples.map((line) => `  ${line}\n`).join('')}`)
    .showHelpAfterError(`See: ${run} -- --help`)
    .exitOverride();
}

/**
 * Parses the arguments, runs the command's action and turns what it throws into plain lines on stderr. With `--json`
 * a failure is also the last line of stdout: `{"error":{"name":…,"message":…}}`.
 *
 * @returns the exit code: 0, `EXIT_FAILURE`, or `EXIT_USAGE` when the command line itself is wrong.
 */
export async function runCommand(command: Command, invocation: Invocation = ofThisProcess()): Promise<number> {
  const { argv, env, stdout, stderr } = invocation;
  for (const each of [command, ...command.commands]) {
    each.configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
    });
    refuseEmptyValues(each);
    refuseRepeated(each);
  }
  const kept = optionsKeptByNpm(command, env);
  if (kept.length > 0) {
    stderr.write(
      `warning: npm kept ${kept.join(', ')} for itself; put "--" before the command's options: ${command.name()} ${kept[0]} …\n`,
    );
  }
  try {
    await command.parseAsync(argv, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    // Commander has already printed its own.
    if (!(error instanceof CommanderError)) stderr.write(describe(error, env));
    if (argv.includes('--json')) stdout.write(`${JSON.stringify({ error: summarize(error) })}\n`);
    return error instanceof CommanderError || error instanceof UsageError ? EXIT_USAGE : EXIT_FAILURE;
  }
}

/** What an unset variable leaves of `--data "$FILE"` would else be read as the current folder, or as no value. */
function refuseEmptyValues(command: Command): void {
  const refuse = (what: string) =>
    command.error(`error: ${what} is empty: give it a value. Is a variable of the shell not set?`);
  for (const option of command.options) {
    command.on(`option:${option.name()}`, (value) => {
      if (value === '') refuse(`option '${option.flags}'`);
    });
  }
  command.hook('preAction', (_, { args, registeredArguments }) => {
    const empty = args.indexOf('');
    if (empty !== -1) refuse(`argument '${(registeredArguments[empty] ?? registeredArguments.at(-1))?.name()}'`);
  });
}

/** Of two values the last would win, and nobody would hear of it. A flag says the same twice. */
function refuseRepeated(command: Command): void {
  for (const option of command.options.filter((each) => (each.required || each.optional) && !mayRepeat(each))) {
    let isGiven = false;
    command.on(`option:${option.name()}`, () => {
      if (isGiven) command.error(`error: option '${option.flags}' is given twice: give it once.`);
      isGiven = true;
    });
  }
}

/** An argument parser for whole numbers in [min, max]. */
export function wholeNumber(min: number, max: number = Number.MAX_SAFE_INTEGER): (text: string) => number {
  const range = max === Number.MAX_SAFE_INTEGER ? `of ${min} or more` : `from ${min} to ${max}`;
  return (text) => {
    const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= min && value <= max)) throw new InvalidArgumentError(`Give a whole number ${range}.`);
    return value;
  };
}

function ofThisProcess(): Invocation {
  // Whoever reads the output through a pipe has seen enough, as in `npm run runs | head -3`.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
  return { argv: process.argv.slice(2), env: process.env, stdout: process.stdout, stderr: process.stderr };
}

function describe(error: unknown, env: Invocation['env']): string {
  if (error instanceof AlikeError) return `error: ${error.message}\n`;
  const unexpected = `error: unexpected: ${messageOf(error)}\n`;
  if (env['DEBUG'] !== 'alike') return `${unexpected}Run it again with DEBUG=alike to see where it came from.\n`;
  return `${unexpected}${inspect(error)}\n`;
}

function summarize(error: unknown): { name: string; message: string } {
  if (error instanceof CommanderError) return { name: 'UsageError', message: error.message.replace(/^error: /, '') };
  return { name: error instanceof Error ? error.name : 'Error', message: messageOf(error) };
}

/** `npm run x --flag` without `--` gives the flag to npm, which hands it on as `npm_config_flag` only. */
function optionsKeptByNpm(command: Command, env: Invocation['env']): string[] {
  return [command, ...command.commands]
    .flatMap(({ options }) => options)
    .map((option) => option.long)
    .filter((flag) => flag !== undefined)
    .filter((flag) => {
      // An empty one is npm's own setting of that name, switched off.
      return (env[`npm_config_${flag.slice(2).replaceAll('-', '_')}`] ?? '') !== '';
    });
}
