import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { type ArtifactName, artifactKey } from '../../engine/artifacts/artifact-keys.ts';
import type { StageResult } from '../../engine/artifacts/stage-record.ts';
import type { StageName } from '../../lambdas/pipeline.ts';
import { runIdOf } from '../../lambdas/shared/runs/run-id.ts';
import { openArtifactStore } from '../../lambdas/shared/store/open-artifact-store.ts';
import { lambdaContext } from '../../scripts/lib/lambda-context.ts';
import { useWorkspace, workspaceUri } from '../../scripts/lib/workspace.ts';

export interface Execution {
  id: string;
  startedAt: string;
}

/** A cell as Parquet holds it. */
type Value = string | number | bigint | null;
export type Row = Record<string, Value>;

export function newExecution(startedAt = '2026-11-23T10:00:00.000Z'): Execution {
  return { id: `test:${randomUUID()}`, startedAt };
}

/**
 * The deployed handlers over a folder of their own. One a test file: a handler reads its environment when it is
 * loaded.
 */
export async function openStages() {
  const folder = await mkdtemp(join(tmpdir(), 'stages-test-'));
  useWorkspace(folder);
  const store = await openArtifactStore(workspaceUri(folder));
  const invoke = async (name: string, event: unknown): Promise<unknown> => {
    const { handler } = await import(`../../lambdas/${name}/handler.ts`);
    return handler(event, lambdaContext(name, 900));
  };
  return {
    folder,
    store,
    invoke,
    runStage: async (stage: StageName, execution: Execution, request: Record<string, unknown>) =>
      (await invoke(stage, { execution, request })) as StageResult,
    /** Writes a file below the store's root, apart from the store. */
    async upload(key: string, content: string | Uint8Array) {
      const path = join(folder, key);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
    },
    /** A dataset's rows, read by another library than its writer. */
    async rowsOf(execution: Execution, name: ArtifactName): Promise<Row[]> {
      const object = await store.get(artifactKey(runIdOf(execution), name));
      if (object === undefined) throw new Error(`There is no ${name}.`);
      return readParquet(object.bytes);
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

export type Stages = Awaited<ReturnType<typeof openStages>>;

async function readParquet(bytes: Uint8Array): Promise<Row[]> {
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  return (await parquetReadObjects({ file })) as Row[];
}
