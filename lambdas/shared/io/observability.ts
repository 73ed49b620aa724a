import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';

/** One of each a process, as Powertools asks for: made outside the handler, reused by every invocation. */
const serviceName = 'alike';
export const logger = new Logger({ serviceName });
export const metrics = new Metrics({ namespace: 'Alike', serviceName });
export const tracer = new Tracer({ serviceName });
