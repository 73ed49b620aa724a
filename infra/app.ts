import { execFileSync } from 'node:child_process';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { ConfigurationError } from '../engine/errors.ts';
import { AlikeStack } from './alike-stack.ts';
import { type Config, readConfig } from './config.ts';

const app = new App();
const config = configOrExit(app.node.getAllContext());
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

/** A wrong setting is the operator's to mend: the message says how, a stack trace would hide it. */
function configOrExit(context: Record<string, unknown>): Config {
  try {
    return readConfig(context);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    console.error(`error: ${error.message}`);
    process.exit(1);
  }
}
