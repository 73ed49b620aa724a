import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { afterAll } from 'vitest';
import { AlikeStack } from '../../infra/alike-stack.ts';
import { readConfig } from '../../infra/config.ts';

const { context } = JSON.parse(readFileSync(join(import.meta.dirname, '../../cdk.json'), 'utf8'));

/** Whatever a template holds: its assertions say what that is to be. */
type Json = ReturnType<typeof JSON.parse>;

/** The CDK takes a while to load where many tests run at once. */
export const SYNTH_TIMEOUT_MS = 60_000;

export interface Resource {
  Type: string;
  Properties: Record<string, Json>;
  DeletionPolicy?: string;
}

const outputs: string[] = [];
afterAll(() => {
  for (const folder of outputs.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** The app as `infra/app.ts` makes it, without bundling. */
export function newApp(settings: Record<string, unknown> = {}): { app: App; stack: AlikeStack } {
  const outdir = mkdtempSync(join(tmpdir(), 'alike-synth-'));
  outputs.push(outdir);
  const app = new App({ outdir, context: { ...context, 'aws:cdk:bundling-stacks': [] }, analyticsReporting: false });
  const given = Object.fromEntries(Object.entries(settings).map(([name, value]) => [`alike:${name}`, value]));
  return { app, stack: new AlikeStack(app, 'Alike', { config: readConfig(given), codeVersion: 'abc' }) };
}

/** The resources of the template, by logical id. */
export function synthesize(settings: Record<string, unknown> = {}): Record<string, Resource> {
  const { app, stack } = newApp(settings);
  return app.synth().getStackArtifact(stack.artifactId).template.Resources;
}

export function ofType(resources: Record<string, Resource>, type: string): Record<string, Json>[] {
  return Object.values(resources)
    .filter(({ Type }) => Type === type)
    .map(({ Properties }) => Properties);
}
