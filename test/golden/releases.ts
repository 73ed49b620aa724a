import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ArtifactName, artifactKey } from '../../engine/artifacts/artifact-keys.ts';

/** A question to the HTTP API and what the release answered; `recommendationId` is left out. */
export interface GoldenAnswer {
  method: 'GET' | 'POST';
  path: string;
  body?: Record<string, unknown>;
  status: number;
  answer: Record<string, unknown>;
}

/** What a release wrote and answered. */
export interface GoldenRelease {
  version: string;
  folder: string;
  runId: string;
  answers: GoldenAnswer[];
  read(name: ArtifactName): Buffer;
}

export const GOLDEN_RELEASES: GoldenRelease[] = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => {
    const folder = join(import.meta.dirname, name);
    const { runId } = JSON.parse(readFileSync(join(folder, 'current.json'), 'utf8'));
    return {
      version: name,
      folder,
      runId,
      answers: JSON.parse(readFileSync(join(folder, 'answers.json'), 'utf8')),
      read: (artifact) => readFileSync(join(folder, artifactKey(runId, artifact))),
    };
  });
