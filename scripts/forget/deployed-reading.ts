import * as z from 'zod';
import { stageRecordKey } from '../../engine/artifacts/artifact-keys.ts';
import { FORMATS } from '../../engine/artifacts/click-formats.ts';
import { type Columns, columnsShape, saysAll } from '../../engine/artifacts/click-source.ts';
import { stageRecordSchema } from '../../engine/artifacts/stage-record.ts';
import { mergeTrainingRequests, parseTrainingRequest } from '../../engine/artifacts/training-request.ts';
import { ConfigurationError } from '../../engine/errors.ts';
import { readCurrent } from '../../lambdas/shared/runs/current.ts';
import type { ArtifactStore } from '../../lambdas/shared/store/artifact-store.ts';
import { readJsonArtifact } from '../../lambdas/shared/store/json-artifact.ts';
import type { TextReading } from './erase-records.ts';

export interface DeployedReading extends TextReading {
  columns: Columns;
}

const recordedReading = z.object({
  format: z.string().optional(),
  columns: z.object(columnsShape),
  names: z.array(z.string()).optional(),
  delimiter: z.string().optional(),
});

/**
 * How the deployment reads its uploads. Where their header tells, the live run knows what it told.
 *
 * @throws ConfigurationError when nobody knows.
 */
export async function readingOf(
  store: ArtifactStore,
  trainingDefaults: Record<string, unknown>,
): Promise<DeployedReading> {
  const request = parseTrainingRequest(mergeTrainingRequests(trainingDefaults, {}));
  const { format, encoding, delimiter, names } = request;
  const live = (await readCurrent(store))?.pointer.runId;
  const record = live && (await readJsonArtifact(store, stageRecordKey(live, 'ingest'), stageRecordSchema));
  const { data: told } = recordedReading.safeParse(record ? record.details?.['reading'] : undefined);
  if (saysAll(format, request.columns)) {
    const columns = { ...(format !== undefined && FORMATS[format]), ...request.columns };
    // Files of one format may have another column of the session: see `otherSessions`.
    const session = format !== undefined && told?.format === format ? told.columns.session : undefined;
    return { columns: { ...columns, ...(session !== undefined && { session }) }, encoding, delimiter, names };
  }
  if (told !== undefined) {
    return { columns: told.columns, encoding, delimiter: told.delimiter, names: told.names };
  }
  throw new ConfigurationError(
    'The columns are told by the header of the files, and no live run has kept what it told. Name the format or the columns (npm run deploy -- --set format=…), or train once.',
  );
}
