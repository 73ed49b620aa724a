import { describe, expect, it } from 'vitest';
import { readConfiguration, readFunctionMemoryMb, readVariable } from '../../../lambdas/shared/configuration.ts';

const store = { ALIKE_STORE_URI: 's3://bucket/prefix' };

it('is read once into one typed object, with defaults', () => {
  expect(readConfiguration(store)).toEqual({
    storeUri: 's3://bucket/prefix',
    trainingDefaults: {},
    codeVersion: 'development',
    topicArn: undefined,
  });
  expect(
    readConfiguration({
      ALIKE_STORE_URI: 'file:///data',
      ALIKE_TRAINING_DEFAULTS: '{"preset":"layer"}',
      ALIKE_CODE_VERSION: 'abc',
      ALIKE_TOPIC_ARN: 'arn:aws:sns:eu-central-1:123456789012:alike',
    }),
  ).toEqual({
    storeUri: 'file:///data',
    trainingDefaults: { preset: 'layer' },
    codeVersion: 'abc',
    topicArn: 'arn:aws:sns:eu-central-1:123456789012:alike',
  });
});

describe('a wrong variable is named, with what was found and what is allowed', () => {
  it.each([
    [{}, 'ALIKE_STORE_URI', 'it is not set'],
    [
      { ALIKE_STORE_URI: '/data' },
      'ALIKE_STORE_URI must be a URI such as s3://bucket/prefix or file:///folder',
      '"/data"',
    ],
    [{ ...store, ALIKE_TOPIC_ARN: 'alike' }, 'ALIKE_TOPIC_ARN must be the ARN of an SNS topic', 'found "alike"'],
    [{ ...store, ALIKE_TRAINING_DEFAULTS: '{' }, 'ALIKE_TRAINING_DEFAULTS must be a JSON object', 'found "{"'],
    [{ ...store, ALIKE_TRAINING_DEFAULTS: '[1]' }, 'ALIKE_TRAINING_DEFAULTS must be a JSON object', 'found "[1]"'],
    [{ ...store, ALIKE_CODE_VERSION: '' }, 'ALIKE_CODE_VERSION', 'found ""'],
  ])('%j', (environment, ...parts) => {
    for (const part of parts) expect(() => readConfiguration(environment)).toThrow(part);
    expect(() => readConfiguration(environment)).toThrow(expect.objectContaining({ name: 'ConfigurationError' }));
  });

  it('also one that a single Lambda reads', () => {
    expect(readVariable('QUEUE', { QUEUE: 'q' })).toBe('q');
    expect(() => readVariable('QUEUE', {})).toThrow('Environment variable QUEUE is not set');
  });
});

it("knows the function's memory, in Lambda only", () => {
  expect(readFunctionMemoryMb({ AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '3538' })).toBe(3_538);
  expect(readFunctionMemoryMb({})).toBeUndefined();
  expect(() => readFunctionMemoryMb({ AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '3.5 GB' })).toThrow(
    'AWS_LAMBDA_FUNCTION_MEMORY_SIZE must be a whole number of MB; found "3.5 GB"',
  );
});
