import { beforeAll, expect, test } from 'vitest';
import { costTable, idleMonth, millionCalls, tunedRun } from '../../../scripts/docs/cost-table.ts';
import { defaultTemplate, type Template } from '../../../scripts/lib/template.ts';

let template: Template;
beforeAll(() => {
  template = defaultTemplate();
}, 60_000);

test('an idle stack costs less than a dollar a month, without any free tier', () => {
  expect(Object.values(idleMonth(template)).reduce((sum, usd) => sum + usd, 0)).toBeCloseTo(0.9);
  expect(costTable(template)).toMatch(/\*\*total\*\* \| \*\*\$0\.90\*\*/);
});

test('a million calls cost what the price list says', () => {
  // 1.00 + 0.20 + 10 ms · 1,769 MB · 0.0000133334 + 1.06 KB · 0.50 a GB + 5 % · 5.00
  const parts = Object.values(millionCalls(template));
  expect(parts.map((usd) => usd.toFixed(2))).toEqual(['1.00', '0.20', '0.23', '0.53', '0.25']);
});

test('a tuned run of the e-shop file costs about two cents', () => {
  // 96 s · 3.455 GB · 0.0000133334 = 0.0044; 17 transitions = 0.0004; 40 metrics for an hour = 0.0164
  expect(tunedRun()).toBeCloseTo(0.0213, 3);
});
