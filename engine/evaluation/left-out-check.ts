import type { LeftOut } from '../artifacts/quarantine.ts';
import type { Check } from './gate-facts.ts';
import { percent } from './wording.ts';

/**
 * Of the uploaded bytes. What is left may measure well and lack a season or a department all the same; up to a quarter, a
 * bad week of a month, the other checks see the harm.
 */
const LARGEST_SHARE_OF_BYTES = 0.25;
/** Of the files, since one that was cut off, or is empty, has few bytes. */
const LARGEST_SHARE_OF_FILES = 0.5;

/** Whether enough of the input could be read. @param leftOut undefined when all of it could. */
export function leftOutChecks(leftOut: LeftOut | undefined): Check[] {
  if (leftOut === undefined) return [];
  const { files, ofFiles, bytes, ofBytes } = leftOut;
  const shareOfBytes = ofBytes === 0 ? 0 : bytes / ofBytes;
  const passed = shareOfBytes <= LARGEST_SHARE_OF_BYTES && files <= LARGEST_SHARE_OF_FILES * ofFiles;
  const allowed = passed ? '' : ' (at most a quarter of the bytes and half of the files may be)';
  return [
    {
      name: 'most of the input can be read',
      passed,
      finding: `${files} of ${ofFiles} files, with ${percent(shareOfBytes)} of the bytes, cannot be read and were left out${allowed}`,
    },
  ];
}
