/**
 * Numbers whose digits may be a date, which is DuckDB's business: of 8, 10, 12, 14 and 17 digits, ascending. As an epoch those of 10
 * digits are seconds of 2030 to 2036.
 */
export const MAY_BE_DATES = [
  [19_000_101, 20_991_231],
  [1_900_010_100, 2_099_123_123],
  [190_001_010_000, 209_912_312_359],
  [19_000_101_000_000, 20_991_231_235_959],
  [19_000_101_000_000_000, 20_991_231_235_960_000],
] as const;

/**
 * Times of whole numbers, as `timeExpression` makes them of BIGINT columns: an epoch, or year, month and day.
 *
 * @param parts (columns, rows) NaN where there is none. @param timesMs (rows) milliseconds since the epoch; NaN likewise,
 * and where it is no time.
 * @returns false where that takes more than arithmetic.
 */
export function timesOfNumbers(parts: readonly Float64Array[], timesMs: Float64Array): boolean {
  if (parts.length === 1) return timesOfEpochs(parts[0], timesMs);
  return parts.length === 3 && timesOfDates(parts[0], parts[1], parts[2], timesMs);
}

function timesOfEpochs(epochs: Float64Array, timesMs: Float64Array): boolean {
  for (let row = 0; row < epochs.length; row++) {
    const epoch = epochs[row];
    if (mayBeDate(epoch)) return false;
    const size = Math.abs(epoch);
    timesMs[row] = size < 1e11 ? epoch * 1e3 : size < 1e14 ? epoch : size < 1e17 ? epoch / 1e3 : epoch / 1e6;
  }
  return true;
}

function mayBeDate(epoch: number): boolean {
  for (let i = 0; i < MAY_BE_DATES.length && epoch >= MAY_BE_DATES[i][0]; i++) {
    if (epoch <= MAY_BE_DATES[i][1]) return true;
  }
  return false;
}

function timesOfDates(years: Float64Array, months: Float64Array, days: Float64Array, timesMs: Float64Array): boolean {
  let [year, month, day] = [Number.NaN, Number.NaN, Number.NaN];
  let timeMs = Number.NaN;
  for (let row = 0; row < years.length; row++) {
    if (years[row] !== year || months[row] !== month || days[row] !== day) {
      year = years[row];
      month = months[row];
      day = days[row];
      // A year of fewer digits is read in more than one way.
      if (year < 1000 || year > 9999) return false;
      const date = new Date(Date.UTC(year, month - 1, day));
      const isDate = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
      timeMs = isDate ? date.getTime() : Number.NaN;
    }
    timesMs[row] = timeMs;
  }
  return true;
}
