import { repeatable } from './repeatable.ts';
import { UsageError } from './usage-error.ts';

/**
 * Collects the values of a repeated `--set NAME=VALUE`; the last one of a name holds.
 *
 * @param example of NAME=VALUE, for the message. @param parse of the text behind the first "=".
 * @throws UsageError when there is no name or no "=".
 */
export function collectSet<T>(
  example: string,
  parse: (text: string) => T,
): (text: string, settings: Record<string, T>) => Record<string, T> {
  return repeatable((text, settings) => {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (name === undefined) {
      throw new UsageError(`--set takes key=value, for example --set ${example}; found "${text}".`);
    }
    return { ...settings, [name]: parse(value) };
  });
}
