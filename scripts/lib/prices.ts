/** US dollars in us-east-1 without free tiers, November 2026: https://aws.amazon.com/pricing of each service. */
export const PRICES = {
  httpApiCall: 1 / 1e6,
  lambdaRequest: 0.2 / 1e6,
  /** Of a GB-second; x86 costs a quarter more. */
  lambdaGbSecond: { arm64: 0.000_013_333_4 },
  logGb: 0.5,
  trace: 5 / 1e6,
  stateTransition: 25 / 1e6,
  alarmMonth: 0.1,
  dashboardMonth: 3,
  metricMonth: 0.3,
} as const;

/** What was measured of one call of the API. */
const CALL = {
  /** Of Lambda, an answer at p50 with its framework. */
  seconds: 0.01,
  /** Access log 0.42 KB, the function's own lines 0.33 KB, its metrics 0.31 KB. */
  logBytes: 1_060,
  /** X-Ray's default: 5 % of the calls beyond the first of each second. */
  tracedShare: 0.05,
} as const;

/** Part of a call → US dollars. @param memoryGb of the function that answers. */
export function partsOfCall(memoryGb: number): Record<string, number> {
  return {
    'HTTP API': PRICES.httpApiCall,
    'Lambda calls': PRICES.lambdaRequest,
    [`Lambda time: ${CALL.seconds * 1000} ms × ${memoryGb.toFixed(2)} GB`]:
      CALL.seconds * memoryGb * PRICES.lambdaGbSecond.arm64,
    [`access log, function log and metrics: ${CALL.logBytes / 1000} KB`]: (CALL.logBytes / 1e9) * PRICES.logGb,
    [`X-Ray: ${CALL.tracedShare * 100} % of the calls`]: CALL.tracedShare * PRICES.trace,
  };
}
