import { ConfigurationError } from '../../engine/errors.ts';
import { type Config, noSetting, resolveConfig, type SettingName } from '../../infra/config.ts';
import { SETTINGS } from '../../infra/settings.ts';
import type { FileSettings } from '../lib/settings-file.ts';

/** What a person typed: `--set` and `--unset`. */
export interface TypedSettings {
  set: Readonly<Record<string, string>>;
  unset: readonly string[];
}

/**
 * The settings to deploy: those that the stack has kept, then the files', then what was typed.
 *
 * @param kept undefined when there is no stack yet. @throws ConfigurationError that names each wrong setting.
 */
export function nextSettings(
  kept: Record<string, unknown> | undefined,
  files: Pick<FileSettings, 'settings' | 'origins'>,
  { set, unset }: TypedSettings,
): Omit<Config, 'stage' | 'region'> {
  const merged: Record<string, unknown> = { ...knownSettings(kept ?? {}), ...files.settings, ...set };
  for (const name of unset) delete merged[name];
  return resolveConfig(merged, (name) => {
    if (name in set || kept?.[name] === undefined) return `Give --set ${name}=….`;
    return `It was kept with the stack: give --set ${name}=… or --unset ${name}.`;
  });
}

/** Without those that another release knew. */
export function knownSettings(kept: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(kept).filter(([name]) => Object.hasOwn(SETTINGS, name)));
}

/** What can be said without asking AWS. @throws ConfigurationError */
export function checkTyped(files: Pick<FileSettings, 'settings' | 'origins'>, { set, unset }: TypedSettings): void {
  for (const name of ['stage', 'region'] as const) {
    const value = set[name];
    if (value === undefined) continue;
    throw new ConfigurationError(`The ${name} names the deployment and is no setting of it: give --${name} ${value}.`);
  }
  for (const name of unset) {
    if (!Object.hasOwn(SETTINGS, name)) {
      throw new ConfigurationError(noSetting([name], ' to unset:'));
    }
    if (name in set) throw new ConfigurationError(`--set ${name} and --unset ${name} exclude each other; give one.`);
    if (name in files.settings) {
      throw new ConfigurationError(`The setting ${name} stands in ${files.origins[name]}; remove it there.`);
    }
  }
  // Settings that need each other may be kept with the stack: they are judged together, later.
  for (const [name, value] of Object.entries({ ...files.settings, ...set })) {
    const isKnown = Object.hasOwn(SETTINGS, name);
    if (isKnown && SETTINGS[name as SettingName].safeParse(value).success) continue;
    resolveConfig({ [name]: value }, (wrong) =>
      wrong in set ? `Give --set ${wrong}=….` : `Correct it in ${files.origins[wrong]}.`,
    );
  }
}
