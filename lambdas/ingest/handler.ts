import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { artifactKey } from '../../engine/artifacts/artifact-keys.ts';
import { saysAll } from '../../engine/artifacts/click-source.ts';
import type { TrainingRequest } from '../../engine/artifacts/training-request.ts';
import { selectClicks } from '../../engine/clicks/column-types.ts';
import { explainedLater } from '../../engine/clicks/explain-reading.ts';
import type { ResolvedReading } from '../../engine/clicks/recognise-format.ts';
import { refuseTooManyRejections } from '../../engine/clicks/reject-rows.ts';
import { literal } from '../../engine/clicks/sql.ts';
import { readConfiguration } from '../shared/configuration.ts';
import { withDatabase } from '../shared/duckdb/duckdb.ts';
import { runStartMs } from '../shared/runs/run-id.ts';
import { type StageOutcome, stageHandler } from '../shared/stage-handler.ts';
import { putJson } from '../shared/store/artifact-store.ts';
import { leaveViewsAtHand } from '../shared/views-at-hand.ts';
import { ViewsWriter } from '../shared/views-writer.ts';
import { fetchSources } from './fetch-sources.ts';
import type { FetchedFile, Input, UnreadableFile } from './input.ts';
import { leaveOut } from './quarantine.ts';
import { loadReadable, type Reader } from './readable-files.ts';
import { summarizeInputs } from './summarize-inputs.ts';
import { findUnchanged } from './unchanged.ts';

const { codeVersion } = readConfiguration();

const PARQUET_OPTIONS = 'FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 122880';

const RAW = 'raw_session_based_clickstream_data';
type Dataset = typeof RAW | 'rejected_rows';

export const handler = stageHandler('ingest', ({ runId, store, request, settings, progress, logger }) =>
  withDatabase(async (database, folder): Promise<StageOutcome> => {
    const skips = settings.unreadable_files === 'skip';
    const fetched = await fetchSources(store, request, folder, skips);
    const unchangedOutcome = async (readable: readonly FetchedFile[], unreadable: readonly UnreadableFile[]) => {
      if (request.force) return undefined;
      const unchanged = await findUnchanged(store, runId, { request, codeVersion }, () => inputsOf(readable, request));
      if (unchanged === undefined) return undefined;
      logger.info(unchanged.verdict.reason);
      const { artifacts, counts, details } = await leaveOut(store, runId, readable, unreadable, sha256Of);
      await putJson(store, artifactKey(runId, 'unchanged'), { ...unchanged, notes: details.notes });
      return {
        artifacts: ['unchanged', ...artifacts],
        // The state machine ends the run by this count.
        counts: { unchanged: 1, ...counts },
        details: { inputs: await inputsOf(readable, request), ...details },
      } satisfies StageOutcome;
    };
    const unchanged = await unchangedOutcome(fetched.files, fetched.unreadable);
    if (unchanged !== undefined) return unchanged;
    // The files are hashed while threads read them. A fault of it is told where the hashes are awaited.
    inputsOf(fetched.files, request).catch(() => {});

    await using writer = new ViewsWriter();
    writer.expect(
      fetched.files.reduce((sum, { input }) => sum + input.sizeBytes, 0),
      store,
    );
    const nowMs = runStartMs(runId);
    const reader: Reader = { database, request, folder, nowMs, maxRejectedShare: settings.max_rejected_share };
    const { files, unreadable, loaded } = await loadReadable(fetched, reader, skips);
    if (files.length < fetched.files.length) {
      const unchangedWithoutThem = await unchangedOutcome(files, unreadable);
      if (unchangedWithoutThem !== undefined) return unchangedWithoutThem;
    }
    progress({ done: loaded.acceptedRows, unit: 'rows' });

    const copy = async (query: string, artifact: Dataset) => {
      const path = join(folder, `${artifact}.parquet`);
      await database.run(`COPY (${query}) TO ${literal(path)} (${PARQUET_OPTIONS})`);
      await store.upload(artifactKey(runId, artifact), path);
    };
    // The rejects are written before the run may fail because of them: they say what to mend.
    await copy('SELECT * FROM rejected_rows ORDER BY file, line', 'rejected_rows');
    await refuseTooManyRejections(database, loaded, settings.max_rejected_share, artifactKey(runId, 'rejected_rows'));
    const { scans, idColumns, hasFaultyRows } = loaded;
    const finishedPath = scans.length === 1 && !hasFaultyRows ? scans[0].finishedPath : undefined;
    if (finishedPath === undefined) {
      await explainedLater(scans, async () => {
        await copy(await selectClicks(database, scans, idColumns, hasFaultyRows), RAW);
      });
    }
    // Both wait for the disk, and what `sequence` begins with is done meanwhile.
    const stored = Promise.all([
      finishedPath !== undefined && store.upload(artifactKey(runId, RAW), finishedPath),
      writer.store(store, artifactKey(runId, 'views'), loaded.views),
    ]);
    // Until it is awaited, which may be after it has failed.
    stored.catch(() => {});
    leaveViewsAtHand(artifactKey(runId, 'views'), loaded.views);
    for (const warning of (await stored)[1]) logger.warn(warning);

    const inputs = await inputsOf(files, request);
    // What was hashed and what was read are the same bytes only if nobody wrote until now.
    for (const { checkUnchanged } of files) await checkUnchanged?.();
    const leftOut = await leaveOut(store, runId, files, unreadable, sha256Of);
    const notes = [...(leftOut.details.notes ?? []), ...loaded.notes];
    return {
      artifacts: ['raw_session_based_clickstream_data', 'rejected_rows', ...leftOut.artifacts, 'views'],
      counts: { rows: loaded.acceptedRows, rejectedRows: loaded.rejectedRows, ...loaded.counts, ...leftOut.counts },
      details: {
        inputs,
        ...leftOut.details,
        ...(notes.length > 0 && { notes }),
        ...(!isAllSaid(request, loaded.reading) && { reading: loaded.reading }),
      },
    };
  }),
);

/** Whether the files were read as the request says, and not as their header does. */
function isAllSaid({ format, columns }: TrainingRequest, reading: ResolvedReading): boolean {
  const isWhole = saysAll(format, columns) && columns.product !== undefined;
  return isWhole && String(columns.session) === String(reading.columns.session);
}

/** One file after the other: each takes a buffer of two megabytes. */
async function inputsOf(files: readonly FetchedFile[], request: TrainingRequest): Promise<Input[]> {
  const inputs: Input[] = [];
  for (const { input, sha256 } of files) inputs.push({ ...input, sha256: await sha256() });
  return summarizeInputs(inputs, request, sha256Of);
}

function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
