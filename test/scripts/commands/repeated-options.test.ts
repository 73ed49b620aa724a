import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Command } from 'commander';
import { expect, test, vi } from 'vitest';
import { mayRepeat } from '../../../scripts/lib/repeatable.ts';

const made = vi.hoisted(() => ({ command: undefined as Command | undefined }));
vi.mock('../../../scripts/lib/command.ts', async (importActual) => ({
  ...(await importActual<object>()),
  async runCommand(command: Command) {
    made.command = command;
    return 0;
  },
}));

const COMMANDS = readdirSync(join(import.meta.dirname, '../../../scripts/commands')).map((file) =>
  basename(file, '.ts'),
);

test.each(COMMANDS)('npm run %s takes again what its help says may be given again', async (name) => {
  await import(`../../../scripts/commands/${name}.ts`);
  const options = [made.command!, ...made.command!.commands].flatMap((command) => command.options);
  const promised = options.filter(({ description }) => /given again|repeat(ed)?\b(?!able)/.test(description));
  expect(promised.filter((option) => !mayRepeat(option)).map(({ flags }) => flags)).toEqual([]);
});
