import type { Case } from './cases.ts';
import type { Refusal, Trained, WorkerAnswer } from './stage-worker.ts';

export type Verdict = { outcome: 'trained' | 'refused'; rejectedRows: number } | { fault: string };

const LONGEST_MESSAGE = 8_000;
/** Words of a library or of this machine, which help nobody who has to mend a file. */
const NOT_FOR_PEOPLE =
  /^\s+at |\/tmp\/|INTERNAL Error|(Conversion|Binder|Parser|Catalog|Invalid Input|Out of Memory) Error/m;
/** Each refusal says what to do. */
const FIX =
  /\b(allow|ask|check|close|convert|double|export|get|give|lower|mend|name|narrow|pass|put|raise|read|remove|rename|run|save|say|send|set|split|take|train|upload|write)\b/i;

/** What came of a case: sound, or the fault that it shows. */
export function judge({ expected }: Case, answer: WorkerAnswer | string): Verdict {
  if (typeof answer === 'string') return { fault: answer };
  if (answer.refused !== undefined) return judgeRefusal(answer.refused, expected);
  const { counts, readBack, sequences } = answer.trained as Trained;
  const { rows, rejectedRows } = counts;
  if (readBack.rows !== rows || readBack.rejectedRows !== rejectedRows) {
    return { fault: `it counts ${rows} + ${rejectedRows} rows and wrote ${readBack.rows} + ${readBack.rejectedRows}` };
  }
  if (expected !== undefined) {
    if (rows + rejectedRows !== expected.rows) {
      return { fault: `${expected.rows} rows in, ${rows} accepted + ${rejectedRows} rejected` };
    }
    if (rows !== expected.usableRows) return { fault: `${expected.usableRows} rows are usable, ${rows} were accepted` };
    const difference = differenceOf(new Map(sequences), expected.sequences, counts['implausibleSessions'] ?? 0);
    if (difference !== undefined) return { fault: difference };
  }
  return { outcome: 'trained', rejectedRows };
}

function judgeRefusal({ stage, name, message, isOurs, stack }: Refusal, expected: Case['expected']): Verdict {
  if (!isOurs) return { fault: `${stage} threw a ${name} that is not ours: ${stack}` };
  const unfit = NOT_FOR_PEOPLE.exec(message)?.[0];
  if (unfit !== undefined) return { fault: `${stage}'s message holds ${JSON.stringify(unfit)}: ${message}` };
  if (!FIX.test(message)) return { fault: `${stage}'s message names no fix: ${message}` };
  if (message.length > LONGEST_MESSAGE)
    return { fault: `${stage}'s message has ${message.length} characters: ${message.slice(0, 200)}` };
  if (expected === undefined) return { outcome: 'refused', rejectedRows: 0 };
  const all = /^All (\d+) rows were refused/.exec(message)?.[1];
  const isRight =
    stage === 'ingest' ? expected.usableRows === 0 && Number(all) === expected.rows : expected.sequences.size === 0;
  if (!isRight) return { fault: `${stage} refused ${expected.usableRows} usable rows of ${expected.rows}: ${message}` };
  return { outcome: 'refused', rejectedRows: Number(all ?? 0) };
}

/** @param leftOut how many sessions the stage says it took for no shopper's. */
function differenceOf(
  found: Map<string, string[]>,
  expected: Map<string, string[]>,
  leftOut: number,
): string | undefined {
  for (const [id, sequence] of found) {
    const [ours, theirs] = [sequence, expected.get(id)].map((products) => JSON.stringify(products)?.slice(0, 500));
    if (ours !== theirs) return `session ${JSON.stringify(id)} became ${ours}, should be ${theirs}`;
  }
  if (found.size + leftOut === expected.size) return undefined;
  return `${expected.size} sessions of two or more views, ${found.size} became sequences and ${leftOut} were left out`;
}
