import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';

/** Two deployments in one account tell their metrics and logs apart by it. */
export const serviceName = process.env['POWERTOOLS_SERVICE_NAME'] ?? 'alike';

// One of each a process, as Powertools asks for: made outside the handler, reused by every invocation.
export const logger = new Logger({ serviceName });
// Its warnings are log lines too, and as silent as the logger on a person's own machine.
export const metrics = new Metrics({ namespace: 'Alike', serviceName, logger });
