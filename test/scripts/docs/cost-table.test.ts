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
  // 1.00 + 0.20 + 3 ms · 1,769 MB · 0.0000133334 + 140 B and 15 B · 0.50 a GB + 930 B · 0.09 a GB
  const parts = Object.values(millionCalls(template));
  expect(parts.map((usd) => usd.toFixed(3))).toEqual(['1.000', '0.200', '0.069', '0.070', '0.007', '0.084']);
  expect(parts.reduce((sum, usd) => sum + usd)).toBeLessThan(1.5);
});

test('the line of the access log that is paid for is as long as one that API Gateway writes', () => {
  const line =
    '{"id":"JKJaXmPLvHcESHA=","call":"GET /v1/products/A13/recommendations","status":"200","bytes":"612","ms":"12","functionMs":"9","error":"-"}';
  expect(millionCalls(template)).toHaveProperty([`access log: ${line.length + 1} bytes`]);
});

test('a tuned run of the e-shop file costs about two cents', () => {
  // 60 s · 3.455 GB · 0.0000133334 = 0.0028; 17 transitions = 0.0004; 40 metrics for an hour = 0.0164
  expect(tunedRun()).toBeCloseTo(0.0196, 4);
});
