import { computed, signal } from '@preact/signals';
import { type Catalogue, liveApi } from './api/client.ts';
import { hosting } from './api/hosting.ts';
import { type OperatorSession, readSession } from './api/operator.ts';
import { SHOWN_FIELDS } from './parts/product-facts.ts';

/** `undefined` until it is known; `null` where the page has no server of its own beside it. */
export const operatorSession = signal<OperatorSession | null | undefined>(hosting === undefined ? undefined : null);
if (hosting === undefined) {
  void readSession().then((session) => {
    operatorSession.value = session ?? null;
  });
}

/** `undefined` until it is known; `null` where none is loaded. */
export const catalogue = signal<Catalogue | null | undefined>(undefined);
void readCatalogue().then(
  (live) => {
    catalogue.value = live;
  },
  () => {
    catalogue.value = null;
  },
);

/** Asks for it only where there is one: a browser logs a 404 as an error. */
export async function readCatalogue(signal?: AbortSignal): Promise<Catalogue | null> {
  const { catalogueVersion } = await liveApi.products({ limit: 1 }, signal);
  return catalogueVersion === undefined ? null : liveApi.catalogue({ limit: 20 }, signal);
}

/** What cards may ask for of each product; empty without a catalogue. */
export const shownFields = computed(() => {
  const names = catalogue.value?.fields.map(({ name }) => name) ?? [];
  return SHOWN_FIELDS.filter((name) => names.includes(name));
});
