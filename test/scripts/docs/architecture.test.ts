import { beforeAll, describe, expect, test } from 'vitest';
import { PIPELINE } from '../../../lambdas/pipeline.ts';
import { architectureSvg } from '../../../scripts/docs/architecture.ts';
import { defaultTemplate, type Template } from '../../../scripts/lib/template.ts';

let template: Template;
beforeAll(() => {
  template = defaultTemplate();
}, 60_000);

describe('the picture of the architecture', () => {
  test('shows every stage', () => {
    const svg = architectureSvg(template);
    for (const { name } of PIPELINE) expect(svg).toContain(`>${name}</text>`);
  });

  test('cannot be made without a box for a new function', () => {
    const grown = structuredClone(template);
    grown.Resources['Newcomer'] = { Type: 'AWS::Lambda::Function', Properties: {} };
    expect(() => architectureSvg(grown)).toThrow('no box for Newcomer');
  });

  test('cannot show what is no longer deployed', () => {
    const shrunk = structuredClone(template);
    for (const [id, { Type }] of Object.entries(shrunk.Resources)) {
      if (Type === 'AWS::Scheduler::Schedule') delete shrunk.Resources[id];
    }
    expect(() => architectureSvg(shrunk)).toThrow('shows schedule');
  });
});
