import { signal } from '@preact/signals';
import type { Hosting } from '../../scripts/console/hosting.ts';

/** Of a page that is hosted for people who sign in; undefined where its own server signs its calls, or needs no credentials. */
export const hosting = readHosting();

/** What proves who looks; undefined until they have signed in. */
export const token = signal<string | undefined>(undefined);

/** Before `/v1`: there the API takes tokens. */
export const API_PREFIX = hosting === undefined ? '' : '/console';

function readHosting(): Hosting | undefined {
  const content = document.querySelector('meta[name="alike-hosting"]')?.getAttribute('content');
  return content ? JSON.parse(content) : undefined;
}
