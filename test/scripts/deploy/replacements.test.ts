import { expect, it } from 'vitest';
import { type ResourceChange, replacementLosses } from '../../../scripts/deploy/replacements.ts';

/** As DescribeChangeSet of CloudFormation has it. */
const change = (changes: Partial<ResourceChange>): ResourceChange => ({
  Action: 'Modify',
  ResourceType: 'AWS::S3::Bucket',
  LogicalResourceId: 'Artifacts82DD59A1',
  PhysicalResourceId: 'alike-prod-artifacts',
  Replacement: 'False',
  ...changes,
});

it('says nothing of an upgrade in place: new code, new versions, new permissions', () => {
  expect(
    replacementLosses([
      change({}),
      change({ ResourceType: 'AWS::Lambda::Function' }),
      change({ ResourceType: 'AWS::Lambda::Version', Replacement: 'True' }),
      change({ ResourceType: 'AWS::Lambda::Version', Action: 'Remove' }),
      change({ ResourceType: 'AWS::IAM::Policy', Replacement: 'Conditional' }),
      change({ ResourceType: 'AWS::CloudWatch::Alarm', Action: 'Remove' }),
      change({ ResourceType: 'AWS::Logs::LogGroup', Action: 'Add', Replacement: undefined }),
    ]),
  ).toEqual([]);
});

it.each([
  [
    'is replaced',
    { Replacement: 'True', PolicyAction: 'ReplaceAndRetain' },
    / is replaced: the new bucket has none of the uploads.* The old one is kept\.$/,
  ],
  [
    'may be replaced',
    { Replacement: 'Conditional', PolicyAction: 'ReplaceAndDelete' },
    / may be replaced: the new bucket.*yet\.$/,
  ],
  ['goes', { Action: 'Remove', PolicyAction: 'Delete', Replacement: undefined }, / goes: the new bucket/],
] as const)('names a bucket that %s, what is lost, and whether the old one stays', (_, changes, expected) => {
  const losses = replacementLosses([change(changes)]);
  expect(losses).toHaveLength(1);
  expect(losses[0]).toMatch(/^Artifacts82DD59A1 \(alike-prod-artifacts\)/);
  expect(losses[0]).toMatch(expected);
});

it.each([
  ['AWS::ApiGatewayV2::Api', /address changes/],
  ['AWS::SNS::Topic', /confirm/],
  ['AWS::SQS::Queue', /messages/],
  ['AWS::Logs::LogGroup', /log begins empty/],
  ['AWS::StepFunctions::StateMachine', /run that is under way is stopped/],
])('knows what goes with %s', (ResourceType, expected) => {
  expect(replacementLosses([change({ ResourceType, Replacement: 'True' })])[0]).toMatch(expected);
});
