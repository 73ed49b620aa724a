import { shellWord } from '../../../engine/shell-word.ts';
import type { ArtifactStore } from './artifact-store.ts';

const places = new WeakMap<ArtifactStore, string>();

/**
 * Keeps how a person named a store, so that every message about it can suggest a command that works on the same one.
 *
 * @param place the options of `npm run …`: ` --stage prod`; '' for what a command works on when nothing is named.
 */
export function namePlace<Store extends ArtifactStore>(store: Store, place: string): Store {
  places.set(store, place);
  return store;
}

/** `npm run promote -- RUN --stage prod`. @param command behind `npm run`. @param place as for `namePlace`. */
export function commandAt(place: string, command: string): string {
  return `npm run ${command}${place === '' || command.includes(' -- ') ? '' : ' --'}${place}`;
}

/** A command that a message about a store suggests; where nobody named the store, with its own address. */
export function suggest(store: ArtifactStore, command: string): string {
  return commandAt(places.get(store) ?? ` --store ${shellWord(store.uri)}`, command);
}

/** The same of a command that has no `--store`, such as one that loads a feed. */
export function suggestWithoutStore(store: ArtifactStore, command: string): string {
  const place = places.get(store);
  if (place !== undefined && !place.startsWith(' --store ')) return commandAt(place, command);
  return commandAt(store.uri.startsWith('s3:') ? ' --stage …' : ' --workspace …', command);
}
