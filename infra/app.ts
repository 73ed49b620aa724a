import { App } from 'aws-cdk-lib';
import { AlikeStack } from './alike-stack.ts';

const app = new App();
new AlikeStack(app, 'Alike');
