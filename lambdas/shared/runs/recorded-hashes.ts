import { artifactOfKey, runOfKey, stageRecordKey } from '../../../engine/artifacts/artifact-keys.ts';
import { type StageRecord, stageRecordSchema } from '../../../engine/artifacts/stage-record.ts';
import { ArtifactError } from '../../../engine/errors.ts';
import { PIPELINE } from '../../pipeline.ts';
import type { ArtifactStore } from '../store/artifact-store.ts';
import { readJsonArtifact } from '../store/json-artifact.ts';

/** What the records of the stages say that they wrote. Each record is read once, when it is first asked for. */
export class RecordedHashes {
  readonly #store: ArtifactStore;
  readonly #records = new Map<string, Promise<StageRecord | undefined>>();

  constructor(store: ArtifactStore) {
    this.#store = store;
  }

  /**
   * @param sha256 of the object as it was read; asked for only when there is something to compare it with. A record of
   * release 0.1.0 has no SHA-256, and what has no record cannot be compared.
   * @throws ArtifactError when the object is not what its stage wrote.
   */
  async verify(key: string, sha256: () => string | Promise<string>): Promise<void> {
    const artifact = artifactOfKey(key);
    const stage = PIPELINE.find(
      // The first stage fixes the request, too.
      ({ writes }, i) => writes.some((name) => name === artifact?.name) || (artifact?.name === 'request' && i === 0),
    );
    if (artifact === undefined || stage === undefined) return;
    const record = await this.#recordAt(stageRecordKey(runOfKey(key), stage.name, artifact.item));
    const expected = record?.written?.[key]?.sha256;
    if (expected !== undefined) refuseOther(this.#store, key, `the stage ${stage.name}`, expected, await sha256());
  }

  /** A record does not change, but may be written after it was looked for. */
  async #recordAt(key: string): Promise<StageRecord | undefined> {
    const reading = this.#records.get(key) ?? readJsonArtifact(this.#store, key, stageRecordSchema);
    this.#records.set(key, reading);
    const record = await reading;
    if (record === undefined) this.#records.delete(key);
    return record;
  }
}

/** @throws ArtifactError unless the hashes are the same. */
export function refuseOther(store: ArtifactStore, key: string, writer: string, expected: string, found: string): void {
  if (found === expected) return;
  throw new ArtifactError(
    `${key} in ${store.uri} is not what ${writer} wrote: its SHA-256 is ${found}, ${expected} was noted. It was changed ` +
      'afterwards: bring back the object as it was, or train a new run.',
  );
}
