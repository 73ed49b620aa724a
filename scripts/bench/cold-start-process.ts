/**
 * One cold start, in a process of its own: `cold-start.ts` starts it. Prints one JSON object: milliseconds from before the
 * bundle is imported until it has been, and from then until the first answer.
 *
 *     node scripts/bench/cold-start-process.ts BUNDLE EVENT
 */
import { pathToFileURL } from 'node:url';
import { lambdaContext } from '../lib/lambda-context.ts';

const [bundle, event] = process.argv.slice(2);
const context = lambdaContext('recommend', 10);
const startedAt = performance.now();
const { handler } = await import(pathToFileURL(bundle).href);
const importedAt = performance.now();
const { statusCode } = await handler(JSON.parse(event), context);
const answeredAt = performance.now();
console.log(
  JSON.stringify({ importMs: importedAt - startedAt, answerMs: answeredAt - importedAt, status: statusCode }),
);
process.exit();
