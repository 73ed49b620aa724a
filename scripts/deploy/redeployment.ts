import { isDeepStrictEqual } from 'node:util';
import { shellWord } from '../../engine/shell-word.ts';
import { resolveConfig, type SettingName } from '../../infra/config.ts';
import type { Deployment } from '../lib/deployment.ts';
import { SETTINGS_FILE } from '../lib/settings-file.ts';
import { knownSettings } from './deployment-settings.ts';
import { valueText } from './settings-change.ts';

/** With more of them, a command is no longer read before it is pasted. */
const MOST_TYPED = 8;

/**
 * How a stack that was removed is deployed again as it was, over the bucket that it left.
 *
 * @param place the options that name it: ` --stage dev`.
 */
export function describeRedeployment(
  { bucket, settings, access }: Pick<Deployment, 'bucket' | 'settings' | 'access'>,
  stage: string,
  place: string,
): string {
  const kept = { ...ownSettings(settings ?? { access }), bucket };
  const command = `npm run deploy --${place}`;
  const names = Object.keys(kept);
  const unknown =
    settings === undefined ? ' It was deployed by release 0.1, which kept no other settings: add those it had.' : '';
  if (names.length > MOST_TYPED) {
    return `A new deployment takes the bucket up again, with its live model. For the settings that it had, put them into ${SETTINGS_FILE}:\n${JSON.stringify({ [stage]: kept }, undefined, 2)}\nThen:\n  ${command}\n`;
  }
  const typed = Object.entries(kept).map(([name, value]) => ` --set ${shellWord(`${name}=${typedText(value)}`)}`);
  return `A new deployment takes the bucket up again, with its live model${names.length === 1 ? '' : ' and the settings that it had'}:${unknown}\n  ${command}${typed.join('')}\n`;
}

/** Those that are not as by default. */
function ownSettings(settings: Record<string, unknown>): Record<string, unknown> {
  const known = knownSettings(settings);
  const defaults = resolveConfig({});
  return Object.fromEntries(
    Object.entries(known).filter(([name, value]) => {
      // A stack that could be removed was not protected; the next one is as by default.
      if (name === 'bucket' || name === 'terminationProtection') return false;
      return !isDeepStrictEqual(value, defaults[name as SettingName]);
    }),
  );
}

/** As `--set` takes it: a list with commas where that says the same. */
function typedText(value: unknown): string {
  const isPlain = (item: unknown) => typeof item === 'string' && /^[^\s,[]([^,]*[^\s,])?$/.test(item);
  return Array.isArray(value) && value.length > 0 && value.every(isPlain) ? value.join(',') : valueText(value);
}
