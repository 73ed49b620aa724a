/** The bound in standard errors: 5 % one-sided, shared among one, two or three changes of which the best is taken (Bonferroni). */
const STANDARD_ERRORS = { 1: 1.645, 2: 1.96, 3: 2.128 };
export type Tries = keyof typeof STANDARD_ERRORS;

/**
 * The mean of what a change gained, question by question, where it is above 0 beyond chance. Questions of one session are
 * not independent of each other, sessions are: the standard error is that of a mean of clusters (Liang and Zeger 1986).
 *
 * @param sessions of which each question is. @param tries changes of which this one gained most.
 * @returns undefined where it may be chance.
 */
export function gainBeyondChance(
  gains: ArrayLike<number>,
  sessions: ArrayLike<number>,
  tries: Tries = 1,
): number | undefined {
  let sum = 0;
  for (let question = 0; question < gains.length; question++) sum += gains[question];
  const mean = sum / gains.length;
  const deviations = new Map<number, number>();
  for (let question = 0; question < gains.length; question++) {
    const session = sessions[question];
    deviations.set(session, (deviations.get(session) ?? 0) + gains[question] - mean);
  }
  let squares = 0;
  for (const deviation of deviations.values()) squares += deviation ** 2;
  const standardError = Math.sqrt(squares) / gains.length;
  return mean > STANDARD_ERRORS[tries] * standardError ? mean : undefined;
}
