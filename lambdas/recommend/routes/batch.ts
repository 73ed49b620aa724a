import * as z from 'zod';
import { AlikeError } from '../../../engine/errors.ts';
import { boolean, list } from '../../shared/http/fields.ts';
import { problemOf, problemSchema, RequestError } from '../../shared/http/problem.ts';
import { type ApiServices, defineRoute } from '../api-services.ts';
import { productId } from '../fields.ts';
import { type LiveData, liveData } from '../live-data.ts';
import { answerable } from '../new-products.ts';
import { numbersOf, requireKnown, rowsOf } from '../product-lookup.ts';
import { countOf, recommend } from '../recommend.ts';
import { bodyFields, recommendationsShape, strictDescription, viewed } from '../recommendation-fields.ts';

const MAX_REQUESTS = 100;
/** Of all requests together: Lambda cuts an answer off at 6 MB, and an explained item has up to 1 kB. */
const MAX_ITEMS = 2_500;

const eitherError = 'an object with either "viewed" or "productId"';
const request = z
  .strictObject(
    {
      viewed: viewed.optional(),
      productId: productId.optional().describe('in place of `viewed`: products similar to this one'),
      strict: boolean.default(false).describe(strictDescription),
      ...bodyFields,
    },
    { error: eitherError },
  )
  .refine((asked) => (asked.viewed === undefined) !== (asked.productId === undefined), { error: eitherError })
  // The refinement, for the description of the API.
  .meta({ id: 'BatchedRequest', oneOf: [{ required: ['viewed'] }, { required: ['productId'] }] });
type BatchedRequest = z.output<typeof request>;

export const recommendInBatch = defineRoute({
  method: 'POST',
  path: '/v1/recommendations/batch',
  summary: 'Many requests in one round trip: all the lists of a page',
  body: z
    .strictObject(
      { requests: list(request, MAX_REQUESTS, `a list of up to ${MAX_REQUESTS} requests`) },
      { error: 'an object with the field "requests"' },
    )
    .meta({ id: 'BatchRequest' }),
  bareList: 'requests',
  answer: z
    .object({
      answers: z
        .array(
          z.union([
            z.object({ ...recommendationsShape, productId: productId.optional() }).meta({ id: 'BatchedAnswer' }),
            z.object({ problem: problemSchema.omit({ instance: true }) }).meta({ id: 'BatchedProblem' }),
          ]),
        )
        .describe('one a request, in their order'),
    })
    .meta({ id: 'BatchAnswer' }),
  problems: ['no-model'],
  async handle({ body: { requests } }, services) {
    const data = await liveData(services);
    refuseTooManyItems(data, requests);
    return { answers: requests.map((asked) => answerOrProblem(data, asked, services)) };
  },
});

/** What is known only with the data concerns one request; the others have their answers. */
function answerOrProblem(data: LiveData, asked: BatchedRequest, services: ApiServices) {
  try {
    return answer(data, asked, services);
  } catch (error) {
    if (!(error instanceof AlikeError)) throw error;
    const { instance: _, ...problem } = problemOf(error, '').problem;
    return { problem };
  }
}

function answer(data: LiveData, asked: BatchedRequest, services: ApiServices) {
  const ids = asked.productId === undefined ? asked.viewed! : [asked.productId];
  const { model } = data;
  const viewed = numbersOf(model.index, ids);
  const viewedRows = rowsOf(data, ids);
  if (asked.strict) requireKnown(model, ids, answerable(data, viewed, viewedRows));
  return {
    ...(asked.productId !== undefined && { productId: asked.productId }),
    ...recommend(
      data,
      {
        ...asked,
        // Of one product's list it is never part.
        excludeViewed: asked.excludeViewed || asked.productId !== undefined,
        askedIn: 'body',
        viewed,
        viewedRows,
        excluded: new Set(rowsOf(data, asked.exclude)),
      },
      services,
    ),
  };
}

function refuseTooManyItems(data: LiveData, requests: readonly BatchedRequest[]): void {
  const items = requests.reduce((sum, asked) => sum + countOf(data, asked), 0);
  if (items <= MAX_ITEMS) return;
  const [found, allowed] = [`counts that add up to ${items}`, `up to ${MAX_ITEMS} items in a batch`];
  throw new RequestError('invalid-request', `"requests": found ${found}; allowed is ${allowed}.`, {
    violations: [{ in: 'body', field: 'requests', found, allowed }],
  });
}
