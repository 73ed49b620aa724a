import { beforeEach, expect, test } from 'vitest';
import { ConflictError } from '../../../../engine/errors.ts';
import { RULES_CURRENT_KEY, rulesKey } from '../../../../engine/rules/published-rules.ts';
import {
  inspectCurrentRules,
  moveCurrentRules,
  readRulesPointer,
} from '../../../../lambdas/shared/rules/current-rules.ts';
import { listRules, publishRules, rollBackRules } from '../../../../lambdas/shared/rules/rules-publication.ts';
import { MemoryArtifactStore } from '../../../support/memory-artifact-store.ts';
import { publicationOf, publishTestRules } from '../../../support/published-rules.ts';

let store: MemoryArtifactStore;
const NOW = '2026-11-26T11:00:00.000Z';
const live = async () => (await readRulesPointer(store))?.version;

beforeEach(() => {
  store = new MemoryArtifactStore();
});

test('each publication is kept, and a rollback returns to the one before; twice, to where it began', async () => {
  await publishTestRules(store, 'v1', { placements: { home: {} } });
  await publishTestRules(store, 'v2', {});
  expect(await live()).toBe('v2');
  expect(await rollBackRules(store, NOW)).toBe('v1');
  expect(await live()).toBe('v1');
  expect(await rollBackRules(store, NOW)).toBe('v2');
  const listed = await listRules(store, () => {});
  expect(listed.map(({ version, status, rules }) => [version, status, Object.keys(rules!.placements)])).toEqual([
    ['v2', 'live', []],
    ['v1', 'previous', ['home']],
  ]);
});

test('there is nothing to return to from the first, nor from none', async () => {
  await expect(rollBackRules(store, NOW)).rejects.toThrow('No rules are live');
  await publishTestRules(store, 'v1', {});
  await expect(rollBackRules(store, NOW)).rejects.toThrow('publish a file that has none: {}');
});

test('a rollback does not return to rules that cannot be read', async () => {
  await publishTestRules(store, 'v1', {});
  await publishTestRules(store, 'v2', {});
  await store.put(rulesKey('v1'), 'torn');
  await expect(rollBackRules(store, NOW)).rejects.toThrow('rules/v1.json');
  expect(await live()).toBe('v2');
});

test('who publishes in the same moment does not overwrite the other', async () => {
  await publishTestRules(store, 'v1', {});
  const before = await inspectCurrentRules(store);
  await publishTestRules(store, 'v2', {});
  await expect(moveCurrentRules(store, 'v3', NOW, before)).rejects.toThrow(ConflictError);
  expect(await live()).toBe('v2');
});

test.each([
  { meanwhile: 'a publication', go: () => publishTestRules(store, 'v2', {}), lives: 'v2' },
  { meanwhile: 'a rollback', go: () => rollBackRules(store, NOW), lives: 'v0' },
])('GIVEN $meanwhile while rules are measured THEN they are not published over it', async ({ go, lives }) => {
  await publishTestRules(store, 'v0', {});
  await publishTestRules(store, 'v1', {});
  const decidedOn = await inspectCurrentRules(store);
  await go();
  const publishing = publishRules(store, {}, publicationOf('v3'), decidedOn);
  await expect(publishing).rejects.toThrow(ConflictError);
  await expect(publishing).rejects.toThrow(`rules -- show ${lives}`);
  expect(await live()).toBe(lives);
  expect(await store.get(rulesKey('v3'))).toBeUndefined();
});

test('GIVEN no rules yet WHEN two publish their first THEN the second is told of the first', async () => {
  const decidedOn = await inspectCurrentRules(store);
  await publishTestRules(store, 'v1', {});
  await expect(publishRules(store, {}, publicationOf('v2'), decidedOn)).rejects.toThrow('Rules v1 went live');
  expect(await live()).toBe('v1');
});

test('a version is written once', async () => {
  await publishTestRules(store, 'v1', {});
  await expect(publishTestRules(store, 'v1', { placements: { home: {} } })).rejects.toThrow(ConflictError);
});

test('publishing mends a torn pointer', async () => {
  await store.put(RULES_CURRENT_KEY, '{');
  await expect(rollBackRules(store, NOW)).rejects.toThrow('which mends it');
  await publishTestRules(store, 'v1', {});
  expect(await live()).toBe('v1');
});

test('one broken file does not hide the others', async () => {
  await publishTestRules(store, 'v1', {});
  await publishTestRules(store, 'v2', {});
  await store.put(rulesKey('v2'), 'torn');
  const faults: unknown[] = [];
  const listed = await listRules(store, (fault) => faults.push(fault));
  expect(listed.map(({ version, rules }) => [version, rules !== undefined])).toEqual([
    ['v2', false],
    ['v1', true],
  ]);
  expect(faults).toHaveLength(1);
});
