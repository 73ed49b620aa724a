import { InvalidArgumentError } from 'commander';

const MOMENT = /^(?<day>\d{4}-\d\d-\d\d)(?:[T ](?<time>\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(?<zone>Z|[+-]\d\d:?\d\d)?)?$/;

/**
 * An argument parser for an ISO date, or a date and time; without a zone it is UTC, wherever the command runs.
 *
 * @returns milliseconds since the epoch.
 */
export function momentMs(text: string): number {
  const { day = '', time = '00:00', zone = 'Z' } = MOMENT.exec(text)?.groups ?? {};
  const ms = Date.parse(`${day}T${time}${zone.replace(/(\d\d)(\d\d)$/, '$1:$2')}`);
  // `Date.parse` takes 30 February for 2 March.
  if (Number.isNaN(ms) || !new Date(day).toISOString().startsWith(day)) {
    throw new InvalidArgumentError('Give a time such as 2026-12-01 or 2026-12-01T08:00Z; without a zone it is UTC.');
  }
  return ms;
}
