/** US dollars in us-east-1 without free tiers, November 2026: https://aws.amazon.com/pricing of each service. */
export const PRICES = {
  httpApiCall: 1 / 1e6,
  lambdaRequest: 0.2 / 1e6,
  /** Of a GB-second; x86 costs a quarter more. */
  lambdaGbSecond: { arm64: 0.000_013_333_4, x86_64: 0.000_016_666_7 },
  logGb: 0.5,
  trace: 5 / 1e6,
  stateTransition: 25 / 1e6,
  alarmMonth: 0.1,
  dashboardMonth: 3,
  metricMonth: 0.3,
  sqsRequest: 0.5 / 1e6,
} as const;
