/** A gain of fewer standard errors is taken for chance: 5 % one-sided. */
const STANDARD_ERRORS = 1.645;

/**
 * The mean of what a change gained, question by question, where it is above 0 beyond chance.
 *
 * @returns undefined where it may be chance.
 */
export function gainBeyondChance(gains: ArrayLike<number>): number | undefined {
  let sum = 0;
  for (let question = 0; question < gains.length; question++) sum += gains[question];
  const mean = sum / gains.length;
  let squares = 0;
  for (let question = 0; question < gains.length; question++) squares += (gains[question] - mean) ** 2;
  const standardError = Math.sqrt(squares / gains.length / gains.length);
  return mean > STANDARD_ERRORS * standardError ? mean : undefined;
}
