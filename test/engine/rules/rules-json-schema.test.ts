import Ajv2020 from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { rulesJsonSchema } from '../../../engine/rules/rules-json-schema.ts';

const validate = new Ajv2020.default({ strict: false }).compile(rulesJsonSchema());
const common = { id: 'a', author: 'Ana', note: 'test' };

test.each<[boolean, object]>([
  [true, {}],
  [
    true,
    {
      placements: { home: { strategy: 'blend', filter: 'price<3' } },
      rules: [{ ...common, type: 'exclude', products: ['a'] }],
    },
  ],
  [true, { rules: [{ ...common, type: 'pin', product: 'a', position: 1, when: { field: 'price', lt: 3 } }] }],
  [false, { placements: { home: { strategy: 'guess' } } }],
  [false, { rules: [{ ...common, type: 'exclude' }] }],
  [false, { rules: [{ ...common, type: 'pin', product: 'a', position: 0 }] }],
  [false, { rulez: [] }],
])('says %s of %j', (expected, file) => {
  expect(validate(file)).toBe(expected);
});
