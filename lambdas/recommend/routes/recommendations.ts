import * as z from 'zod';
import { defineRoute } from '../api-services.ts';
import { productId } from '../fields.ts';
import { liveData } from '../live-data.ts';
import { answerable } from '../new-products.ts';
import { findProduct, idOf, numbersOf, readIdList, requireKnown, rowsOf } from '../product-lookup.ts';
import { recommend } from '../recommend.ts';
import {
  bodyFields,
  MAX_EXCLUDED_IN_ADDRESS,
  queryFields,
  recommendationsShape,
  viewed,
} from '../recommendation-fields.ts';

export const recommendForProduct = defineRoute({
  method: 'GET',
  path: '/v1/products/{productId+}/recommendations',
  summary: 'Products similar to one product',
  parameters: z.object({ productId: productId.describe('percent-encoded; encode an id with `?` or `%` twice') }),
  query: z.strictObject(queryFields),
  answer: z.object({ productId, ...recommendationsShape }).meta({ id: 'ProductRecommendations' }),
  problems: ['not-found', 'no-catalogue', 'no-model'],
  caching: {
    // A sample without a seed is another one each time.
    allows: ({ query }, { strategy }) => strategy !== 'cluster-sample' || query.seed !== undefined,
    ignoredFields: ['recommendationId'],
  },
  async handle({ parameters, query }, services) {
    const data = await liveData(services);
    const { model } = data;
    const product = findProduct(model.index.numberOf, parameters.productId);
    const row = data.catalogue ? findProduct(data.catalogue.catalogue.rowOf, parameters.productId) : product;
    const viewed = product === undefined ? [] : [product];
    const viewedRows = row === undefined ? [] : [row];
    if (query.strict) requireKnown(model, [parameters.productId], answerable(data, viewed, viewedRows));
    return {
      productId: idOf(data, product ?? row) ?? parameters.productId,
      ...recommend(
        data,
        {
          ...query,
          askedIn: 'query',
          viewed,
          viewedRows,
          excluded: new Set(readIdList(data, 'exclude', query.exclude, MAX_EXCLUDED_IN_ADDRESS)),
          excludeViewed: true,
        },
        services,
      ),
    };
  },
});

export const recommendForSession = defineRoute({
  method: 'POST',
  path: '/v1/recommendations',
  summary: "Products for a guest's session; nothing about the guest is stored",
  query: z.strictObject({ strict: queryFields.strict }),
  body: z
    .strictObject({ viewed, ...bodyFields }, { error: 'an object with the field "viewed"' })
    .meta({ id: 'SessionRecommendationsRequest' }),
  answer: z.object(recommendationsShape).meta({ id: 'SessionRecommendations' }),
  problems: ['not-found', 'no-catalogue', 'no-model'],
  async handle({ query, body }, services) {
    const data = await liveData(services);
    const { model } = data;
    const viewed = numbersOf(model.index, body.viewed);
    const viewedRows = data.catalogue === undefined ? viewed : rowsOf(data, body.viewed);
    if (query.strict) requireKnown(model, body.viewed, answerable(data, viewed, viewedRows));
    return recommend(
      data,
      {
        ...body,
        askedIn: 'body',
        viewed,
        viewedRows,
        excluded: new Set(rowsOf(data, body.exclude)),
      },
      services,
    );
  },
});
