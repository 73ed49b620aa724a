/** US dollars in us-east-1 without free tiers, November 2026: https://aws.amazon.com/pricing of each service. */
export const PRICES = {
  httpApiCall: 1 / 1e6,
  lambdaRequest: 0.2 / 1e6,
  /** Of a GB-second; x86 costs a quarter more. */
  lambdaGbSecond: { arm64: 0.000_013_333_4 },
  logGb: 0.5,
  /** Out of AWS. */
  internetGb: 0.09,
  trace: 5 / 1e6,
  stateTransition: 25 / 1e6,
  alarmMonth: 0.1,
  dashboardMonth: 3,
  metricMonth: 0.3,
} as const;

/** What was measured of one call of the API: `node scripts/bench/answer-cost.ts` prints it. */
const CALL = {
  /** Of Lambda: 0.2 of the handler at p50, and two for what the runtime adds, rounded up as Lambda bills. */
  milliseconds: 3,
  /** The function's own lines and metrics, an average over a minute of one call a second. */
  functionLogBytes: 15,
  /** Of an answer with five items, its headers included. */
  answerBytes: 930,
} as const;

/** What the access log says of a usual call. API Gateway writes a dash for what there is none of. */
const ACCESS_LOG_VALUES: Record<string, string> = {
  '$context.requestId': 'JKJaXmPLvHcESHA=',
  '$context.httpMethod': 'GET',
  '$context.path': '/v1/products/A13/recommendations',
  '$context.status': '200',
  '$context.responseLength': '612',
  '$context.responseLatency': '12',
  '$context.integrationLatency': '9',
  '$context.error.message': '-',
};

/** A line of the access log. @param format of the API's stage. */
export function accessLogBytes(format: string): number {
  return Buffer.byteLength(format.replaceAll(/\$context\.[\w.]+/g, (name) => ACCESS_LOG_VALUES[name])) + 1;
}

export interface CallFacts {
  /** Of the function that answers. */
  memoryGb: number;
  accessLogBytes: number;
  /** Of the calls, 0…1. */
  tracedShare: number;
}

/** Part of a call → US dollars. */
export function partsOfCall({ memoryGb, accessLogBytes, tracedShare }: CallFacts): Record<string, number> {
  const { milliseconds, functionLogBytes, answerBytes } = CALL;
  return {
    'HTTP API': PRICES.httpApiCall,
    'Lambda calls': PRICES.lambdaRequest,
    [`Lambda time: ${milliseconds} ms × ${memoryGb.toFixed(2)} GB`]:
      (milliseconds / 1000) * memoryGb * PRICES.lambdaGbSecond.arm64,
    [`access log: ${accessLogBytes} bytes`]: (accessLogBytes / 1e9) * PRICES.logGb,
    [`function log and metrics: ${functionLogBytes} bytes`]: (functionLogBytes / 1e9) * PRICES.logGb,
    [`answers to the internet: ${(answerBytes / 1000).toFixed(2)} KB`]: (answerBytes / 1e9) * PRICES.internetGb,
    ...(tracedShare > 0 && { [`X-Ray: ${tracedShare * 100} % of the calls`]: tracedShare * PRICES.trace }),
  };
}
