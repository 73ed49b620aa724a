import diagnosticsChannel from 'node:diagnostics_channel';
import type { StageName } from '../pipeline.ts';

export interface ProgressUpdate {
  done: number;
  total?: number;
  unit: 'rows' | 'epochs' | 'iterations' | 'trials';
}
export type StageProgress = ProgressUpdate & { stage: StageName };

/** Stages publish here; a local run listens to show it. In Lambda nobody listens and it costs a function call. */
export const progressChannel = diagnosticsChannel.channel('alike:progress');
