import { expect, test } from 'vitest';
import { namePlace, suggest, suggestWithoutStore } from '../../../../lambdas/shared/store/suggested-command.ts';
import { MemoryArtifactStore } from '../../../support/memory-artifact-store.ts';

const storeAt = (uri: string) => Object.defineProperty(new MemoryArtifactStore(), 'uri', { value: uri });

test('a command is suggested at the place that somebody named', () => {
  const store = namePlace(storeAt('s3://b'), ' --stage dev');
  expect(suggest(store, 'runs')).toBe('npm run runs -- --stage dev');
  expect(suggest(store, 'promote -- RUN')).toBe('npm run promote -- RUN --stage dev');
  expect(suggestWithoutStore(store, 'catalogue -- FEED')).toBe('npm run catalogue -- FEED --stage dev');
});

test('what works on the default needs no option', () => {
  expect(suggest(namePlace(storeAt('file:///w'), ''), 'runs')).toBe('npm run runs');
});

test('a store that nobody named is named by its own address, or left to the reader', () => {
  expect(suggest(storeAt('s3://b/copy'), 'runs')).toBe('npm run runs -- --store s3://b/copy');
  expect(suggest(storeAt("file:///it's"), 'runs')).toBe("npm run runs -- --store 'file:///it'\\''s'");
  expect(suggestWithoutStore(storeAt('s3://b'), 'catalogue -- FEED')).toBe('npm run catalogue -- FEED --stage …');
  expect(suggestWithoutStore(storeAt('file:///w'), 'catalogue -- FEED')).toBe(
    'npm run catalogue -- FEED --workspace …',
  );
});
