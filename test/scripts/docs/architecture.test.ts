import { beforeAll, describe, expect, test } from 'vitest';
import { PIPELINE } from '../../../lambdas/pipeline.ts';
import { architectureSvg } from '../../../scripts/docs/architecture.ts';
import { architectureGraph } from '../../../scripts/docs/architecture-graph.ts';
import { defaultTemplate, type Template } from '../../../scripts/lib/template.ts';

let template: Template;
beforeAll(() => {
  template = defaultTemplate();
}, 60_000);

/** The graph's arrows with the names that the picture shows. */
function arrowsOf(shown: Template): string[] {
  const { stages, boxes, edges } = architectureGraph(shown);
  const nameOf = (id: string) => [...stages, ...boxes].find((box) => box.id === id)?.name ?? id;
  return edges.map(({ from, to }) => `${nameOf(from)} → ${nameOf(to)}`);
}

describe('the picture of the architecture', () => {
  test('shows every stage, in order', async () => {
    const svg = await architectureSvg(template);
    const found = PIPELINE.map(({ name }) => svg.indexOf(`>${name}</text>`));
    expect(found).not.toContain(-1);
    expect(found).toEqual(found.toSorted((a, b) => a - b));
  });

  test('shows what starts a run, what a run writes, and what answers', () => {
    expect(arrowsOf(template)).toEqual(
      expect.arrayContaining([
        "shop's clicks → raw/",
        'raw/ → uploaded',
        'raw/ → ingest',
        'uploaded → start-training',
        'uploaded → failed events',
        'retraining → start-training',
        'run failed → alarm topic',
        'start-training → run',
        'run → runs/',
        'run → report-failure',
        'publish → current.json',
        'current.json → recommend',
        'runs/ → recommend',
        "shop's products → catalogue/feeds/",
        'catalogue/feeds/ → catalogue',
        "shop's pages → HTTP API",
        'HTTP API → recommend',
      ]),
    );
  });

  test('shows a new function and what it reads by itself', () => {
    const grown = structuredClone(template);
    const id = Object.keys(grown.Resources).find((name) => /^Functionsrecommend[0-9A-F]{8}$/.test(name))!;
    const role = grown.Resources[id].Properties['Role'];
    const Metadata = { 'aws:cdk:path': 'Alike/Newcomer/Resource' };
    grown.Resources['Newcomer'] = { Type: 'AWS::Lambda::Function', Properties: { Role: role }, Metadata };
    expect(arrowsOf(grown)).toContain('current.json → newcomer');
  });

  test('does not show what is no longer deployed', () => {
    const shrunk = structuredClone(template);
    for (const [id, { Type }] of Object.entries(shrunk.Resources)) {
      if (Type === 'AWS::Scheduler::Schedule') delete shrunk.Resources[id];
    }
    expect(arrowsOf(shrunk)).not.toContain('retraining → triggers');
  });

  test('cannot be made while nobody has said whether it shows a type of resource', () => {
    const grown = structuredClone(template);
    grown.Resources['Table'] = { Type: 'AWS::DynamoDB::Table', Properties: {} };
    expect(() => architectureGraph(grown)).toThrow('whether the picture shows AWS::DynamoDB::Table, as of Table');
  });

  test('cannot be made without the function of a stage', () => {
    const shrunk = structuredClone(template);
    for (const id of Object.keys(shrunk.Resources)) {
      if (id.startsWith('Functionsembed')) delete shrunk.Resources[id];
    }
    expect(() => architectureGraph(shrunk)).toThrow('the stage embed, but the template has no function for it');
  });
});
