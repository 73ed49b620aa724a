import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { AlikeStack } from '../../infra/alike-stack.ts';
import { readConfig } from '../../infra/config.ts';

/** A CloudFormation template, as far as it is read here. */
export interface Template {
  Resources: Record<string, { Type: string; Properties: Record<string, unknown>; Metadata?: Record<string, string> }>;
}

/** The template of a deployment without any setting, unbundled; resources know the paths of their constructs. */
export function defaultTemplate(): Template {
  const { context } = JSON.parse(readFileSync(join(import.meta.dirname, '../../cdk.json'), 'utf8'));
  const outdir = mkdtempSync(join(tmpdir(), 'alike-template-'));
  try {
    const app = new App({
      outdir,
      context: { ...context, 'aws:cdk:bundling-stacks': [], 'aws:cdk:enable-path-metadata': true },
      analyticsReporting: false,
    });
    const stack = new AlikeStack(app, 'Alike', { config: readConfig({}), codeVersion: 'development' });
    return app.synth().getStackArtifact(stack.artifactId).template;
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
