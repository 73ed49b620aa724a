import { join } from 'node:path';
import { artifactKey } from '../../engine/artifacts/artifact-keys.ts';
import { selectTypedClicks } from '../../engine/clicks/column-types.ts';
import { loadClicks, refuseTooManyRejections } from '../../engine/clicks/load-clicks.ts';
import type { SourceFile } from '../../engine/clicks/source-file.ts';
import { detectEncoding, detectFormat } from '../../engine/clicks/source-format.ts';
import { literal } from '../../engine/clicks/sql.ts';
import { readConfiguration } from '../shared/configuration.ts';
import { withDatabase } from '../shared/duckdb/duckdb.ts';
import { makePlainFile, unifyLineEnds } from '../shared/duckdb/plain-file.ts';
import { runStartMs } from '../shared/runs/run-id.ts';
import { type StageOutcome, stageHandler } from '../shared/stage-handler.ts';
import { putJson } from '../shared/store/artifact-store.ts';
import { openArtifactStore } from '../shared/store/open-artifact-store.ts';
import { locateSource, selectObjects } from './source-objects.ts';
import { findUnchanged } from './unchanged.ts';

/** What a run was trained on; stands in the manifest. */
interface Input {
  name: string;
  sizeBytes: number;
  /** Of the object as it was uploaded. */
  sha256: string;
}

const { codeVersion } = readConfiguration();

const PARQUET_OPTIONS = 'FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 122880';

export const handler = stageHandler('ingest', ({ runId, store, request, settings, progress, logger }) =>
  withDatabase(async (database, folder): Promise<StageOutcome> => {
    const location = locateSource(request.source);
    const source = location.storeUri === undefined ? store : await openArtifactStore(location.storeUri);
    const objects = selectObjects(await source.list(location.key), location.key, request.source);

    const inputs: Input[] = [];
    const files: SourceFile[] = [];
    for (const [i, object] of objects.entries()) {
      const path = join(folder, `source-${i}`);
      await source.download(object.key, path);
      const plain = await makePlainFile(path, object.key, (start) => detectEncoding(start, request.encoding));
      const format = detectFormat(plain.start, object.key);
      files.push({
        path: plain.path,
        name: object.key,
        format,
        start: plain.start,
        unifyLineEnds: () => unifyLineEnds(plain.path),
      });
      inputs.push({ name: object.key, sizeBytes: object.size, sha256: plain.sha256 });
    }

    const unchanged = request.force ? undefined : await findUnchanged(store, runId, { inputs, request, codeVersion });
    if (unchanged !== undefined) {
      logger.info(unchanged.verdict.reason);
      await putJson(store, artifactKey(runId, 'unchanged'), unchanged);
      // The state machine ends the run by this count.
      return { artifacts: ['unchanged'], counts: { unchanged: 1 }, details: { inputs } };
    }

    const loaded = await loadClicks(database, files, request.columns, request.delimiter, runStartMs(runId));
    progress({ done: loaded.acceptedRows, unit: 'rows' });

    const copy = async (query: string, artifact: 'raw_session_based_clickstream_data' | 'rejected_rows') => {
      const path = join(folder, `${artifact}.parquet`);
      await database.run(`COPY (${query}) TO ${literal(path)} (${PARQUET_OPTIONS})`);
      await store.upload(artifactKey(runId, artifact), path);
    };
    // The rejects are written before the run may fail because of them: they say what to mend.
    await copy('SELECT * FROM rejected_rows ORDER BY file, line', 'rejected_rows');
    await refuseTooManyRejections(database, loaded, settings.max_rejected_share, artifactKey(runId, 'rejected_rows'));
    // Parquet has types of its own; text has to be asked for them.
    const clicks =
      files[0].format === 'parquet'
        ? 'SELECT * FROM clicks'
        : await selectTypedClicks(database, loaded.columns, request.columns);
    await copy(clicks, 'raw_session_based_clickstream_data');

    return {
      artifacts: ['raw_session_based_clickstream_data', 'rejected_rows'],
      counts: { rows: loaded.acceptedRows, rejectedRows: loaded.rejectedRows },
      details: { inputs },
    };
  }),
);
