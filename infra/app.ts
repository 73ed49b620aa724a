import { execFileSync } from 'node:child_process';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { AlikeStack } from './alike-stack.ts';
import { readConfig } from './config.ts';

const app = new App();
const config = readConfig(app.node.getAllContext());
new AlikeStack(app, 'Alike', {
  stackName: `alike-${config.stage}`,
  description: 'Alike: product recommendations learned from the clickstream of a shop',
  env: { account: process.env['CDK_DEFAULT_ACCOUNT'], region: config.region ?? process.env['CDK_DEFAULT_REGION'] },
  config,
  codeVersion: codeVersion(),
});
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));

/** The commit that is deployed, marked when files differ from it. */
function codeVersion(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty', '--abbrev=12'], { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}
