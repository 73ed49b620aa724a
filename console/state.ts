import { computed, signal } from '@preact/signals';
import { type Catalogue, liveApi, onCatalogue } from './api/client.ts';
import { hosting } from './api/hosting.ts';
import { type OperatorSession, readSession } from './api/operator.ts';
import { untilAnswered } from './api/until-answered.ts';
import { SHOWN_FIELDS } from './parts/product-facts.ts';

/** `undefined` until it is known; `null` where the page has no server of its own beside it. */
export const operatorSession = signal<OperatorSession | null | undefined>(hosting === undefined ? undefined : null);
if (hosting === undefined) {
  void orNull(untilAnswered(readSession)).then((session) => {
    operatorSession.value = session;
  });
}

/** `undefined` until it is known; `null` where none is loaded. */
export const catalogue = signal<Catalogue | null | undefined>(undefined);
let isReading = false;
void readLiveCatalogue();
onCatalogue((version) => {
  if (version === undefined || version !== catalogue.peek()?.catalogueVersion) void readLiveCatalogue();
});

async function readLiveCatalogue(): Promise<void> {
  if (isReading) return;
  isReading = true;
  catalogue.value = await orNull(untilAnswered(readCatalogue));
  isReading = false;
}

function orNull<T>(answer: Promise<T>): Promise<T | null> {
  return answer.catch(() => null);
}

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
