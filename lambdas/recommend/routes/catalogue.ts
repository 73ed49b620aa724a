import * as z from 'zod';
import { describeFields } from '../../../engine/catalogue/describe-fields.ts';
import { NotFoundError } from '../../../engine/errors.ts';
import { fromText, integer, repeatable } from '../../shared/http/fields.ts';
import { defineRoute } from '../api-services.ts';
import { catalogueAge, catalogueFacts } from '../catalogue-facts.ts';
import { fieldName, modelVersion } from '../fields.ts';
import { liveData } from '../live-data.ts';
import { readNames } from '../read-filter.ts';
import { FIELDS_LIMIT } from '../shown-fields.ts';

const products = z.int().min(0).describe('products of the feed that have it');

export const getCatalogue = defineRoute({
  method: 'GET',
  path: '/v1/catalogue',
  summary: 'The live catalogue: its fields, their values, and how many of the model’s products it lists',
  query: z.strictObject({
    fields: repeatable(fieldName, FIELDS_LIMIT).default([]).describe('only these; all when left out'),
    limit: fromText(integer(0, 1_000)).default(20).describe('values of each facet, most frequent first'),
  }),
  answer: catalogueFacts
    .extend({
      modelVersion,
      fields: z.array(
        z
          .object({
            name: z.string(),
            type: z
              .enum(['number', 'facet', 'text'])
              .describe('number: compared with bounds; facet: compared with values; text: shown only'),
            products,
            min: z.number().optional(),
            max: z.number().optional(),
            isPath: z
              .boolean()
              .optional()
              .describe('a value such as `Home > Garden` also stands for what lies below it'),
            valueCount: z.int().optional().describe('different values'),
            values: z.array(z.object({ value: z.string(), products })).optional(),
          })
          .meta({ id: 'CatalogueField' }),
      ),
    })
    .meta({ id: 'Catalogue' }),
  problems: ['not-found', 'no-model'],
  async handle({ query }, services) {
    const { model, catalogue: joined } = await liveData(services);
    if (joined === undefined) {
      throw new NotFoundError('No catalogue is live: load a feed (npm run catalogue -- FEED).');
    }
    const { catalogue } = joined;
    const all = [...catalogue.fields.keys()];
    const names = query.fields.length === 0 ? all : readNames('fields', query.fields, all, 'query');
    return {
      modelVersion: model.version,
      ...catalogueAge(joined, services.nowMs()),
      fields: describeFields(catalogue, names, query.limit),
    };
  },
});
