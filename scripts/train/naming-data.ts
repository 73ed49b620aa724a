import type { TrainingRequest } from '../../engine/artifacts/training-request.ts';
import { AlikeError } from '../../engine/errors.ts';
import { shellWord } from '../../engine/shell-word.ts';
import { DEFAULT_WORKSPACE } from '../lib/workspace.ts';

const SUGGESTED = 'npm run train -- --data FILE';
/** One of the files of a folder. */
const IN_FOLDER = /npm run train -- --data (FOLDER\/)/;

/**
 * A command that a message suggests, with what was typed: the files in place of `FILE`, and the options that it does not name
 * itself. Who reads a file does not know how the command line was.
 *
 * @param argv what was typed, without node and the script; `--data` is missing where a deployment's own uploads were read.
 */
export function namingData(error: unknown, argv: readonly string[]): unknown {
  if (!(error instanceof AlikeError)) return error;
  const options = optionsOf(argv);
  const isData = ([word]: readonly string[]) => flagOf(word) === '--data';
  const [data, others] = [options.filter(isData), options.filter((option) => !isData(option))];
  const lines = error.message.split('\n').map((line) => {
    const inFolder = IN_FOLDER.exec(line)?.[1];
    if (!line.includes(SUGGESTED) && inFolder === undefined) return line;
    const rest = others.filter(([word]) => !line.split(' ').includes(flagOf(word)));
    // Not as text, in which `$` has a meaning.
    const put = (word: string, typed: string) => `${line.replace(word, () => typed)}${rest.map(text).join('')}`;
    if (inFolder !== undefined) return put(inFolder, `${folderOf(data)}/`);
    return put(SUGGESTED, `npm run train --${data.map(text).join('')}`);
  });
  const isOpen = lines.some((line) => IN_FOLDER.test(line));
  error.message = lines.filter((line) => isOpen || !line.startsWith('In place of FOLDER ')).join('\n');
  return error;
}

/** The word stays where it cannot be told which folder is meant. */
function folderOf(data: readonly string[][]): string {
  const folders = data.flat().filter((word) => !word.startsWith('--data'));
  return folders.length === 1 && !/[*?]/.test(folders[0]) ? shellWord(folders[0].replace(/\/+$/, '')) : 'FOLDER';
}

/** Each option with its values. */
function optionsOf(argv: readonly string[]): string[][] {
  const options: string[][] = [];
  for (const word of argv) {
    if (word.startsWith('--')) options.push([word]);
    else options.at(-1)?.push(word);
  }
  return options;
}

function flagOf(word: string): string {
  return word.split('=', 1)[0];
}

function text(words: readonly string[]): string {
  return words.map((word) => ` ${shellWord(word)}`).join('');
}

/** What would have to be typed for a run's request, but for how its files are read. */
export function argvOfRequest(
  { source, preset, settings }: Pick<TrainingRequest, 'source' | 'preset' | 'settings'>,
  workspace: string,
): string[] {
  const set = Object.entries(settings).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return [
    '--data',
    ...[source].flat(),
    ...(workspace === DEFAULT_WORKSPACE ? [] : ['--workspace', workspace]),
    '--preset',
    preset,
    ...set.flatMap((setting) => ['--set', setting]),
  ];
}
