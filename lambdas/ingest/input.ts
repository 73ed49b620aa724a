import type { SourceFile } from '../../engine/clicks/source-file.ts';

/** What a run was trained on; stands in the manifest. */
export interface Input {
  name: string;
  sizeBytes: number;
  /** Of the object as it was uploaded. */
  sha256: string;
}

export interface FetchedFile {
  file: SourceFile;
  input: Omit<Input, 'sha256'>;
  /** As `Input.sha256`; reads the file for it, the first time. */
  sha256(): Promise<string>;
  /** Of a file that is read where it lies. @throws UnavailableError when somebody has written to it since it was fetched. */
  checkUnchanged?(): Promise<void>;
}

/** A file that a run does without. */
export interface UnreadableFile extends Input {
  /** What reading it failed with. */
  reason: string;
}
