import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ArtifactName, artifactKey } from '../../engine/artifacts/artifact-keys.ts';
import { decodeContainer } from '../../engine/artifacts/binary-container.ts';
import { SERVING_INDEX_VERSION } from '../../engine/serving-index/serving-index-file.ts';
import { PIPELINE } from '../../lambdas/pipeline.ts';
import { GOLDEN_RELEASES } from './releases.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/formats.md'), 'utf8');
const artifacts = new Set(PIPELINE.flatMap(({ writes }) => writes.filter((name): name is ArtifactName => name !== 'current' && name !== 'marks')));
/** Plots are for people. */
const described = [...artifacts].map((name) => artifactKey('R', name)).filter((key) => !key.endsWith('.svg'));

it.each(described)('docs/formats.md describes %s', (key) => {
  const file = key.replace(/^runs\/R\//, '');
  const mentioned = file.endsWith('.json') ? `\`${key}\`` : file.endsWith('.parquet') ? `\`${file.split('/')[0]}\`` : `\`${file}\``;
  expect(page).toContain(mentioned);
});

/** Of kinds whose older versions are still read; the page says what was different. */
const NEWEST: Partial<Record<string, number>> = { 'serving-index': SERVING_INDEX_VERSION, views: 2 };

describe.each(GOLDEN_RELEASES)('docs/formats.md names all of release $version:', ({ read }) => {
  const binary = (['views', 'corpus', 'vectors', 'cluster_assignments', 'serving'] as const).flatMap((name) => {
    try {
      return [[name, read(name)] as const];
    } catch {
      // Releases have different files.
      return [];
    }
  });

  it.each(binary)('%s', (_, file) => {
    const kind = /"kind":"([^"]+)"/.exec(file.toString('latin1'))![1];
    const { kindVersion, meta, sections } = decodeContainer(file, kind, 99);
    expect(page).toMatch(new RegExp(`kind \`${kind}\`, version ${NEWEST[kind] ?? kindVersion}`));
    const section = page.slice(page.indexOf(`kind \`${kind}\``)).split('\n### ')[0];
    for (const name of [...Object.keys(meta), ...Object.keys(sections)]) expect(section).toContain(`\`${name}\``);
  });
});
