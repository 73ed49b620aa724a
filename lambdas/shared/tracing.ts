import { Tracer } from '@aws-lambda-powertools/tracer';
import { serviceName } from './observability.ts';

/**
 * A part of its own of each trace for the handler, beside what Lambda itself tells X-Ray. Not for the Lambda that answers: X-Ray's SDK
 * follows every promise of the process, which takes a quarter of the CPU of a short request (`scripts/bench/request.ts`).
 */
export const tracer = new Tracer({ serviceName });
