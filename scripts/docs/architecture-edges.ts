import { PIPELINE } from '../../lambdas/pipeline.ts';
import type { Template } from '../lib/template.ts';

/** What goes from one to another: logical ids, first parts of the bucket's keys (`/raw/`), or `TRAINING_RUN`. */
export interface Edge {
  from: string;
  to: string;
}

type Resources = Template['Resources'];
type Resource = Resources[string];

/** The state machine as a whole. */
export const TRAINING_RUN = 'run';

/** Reads from a template what goes from its resources, or through them, to others. */
export function architectureEdges(resources: Resources): Edge[] {
  return Object.entries(resources).flatMap(([id, resource]) => edgesOf(id, resource, resources));
}

function edgesOf(id: string, { Type, Properties }: Resource, resources: Resources): Edge[] {
  const named = (name: string) => referencesIn(Properties[name]);
  switch (Type) {
    case 'AWS::Events::Rule':
      return [...between(prefixesIn(Properties['EventPattern']), [id]), ...between([id], named('Targets'))];
    case 'AWS::Scheduler::Schedule':
      return between([id], referencesIn((Properties['Target'] as { Arn: unknown }).Arn));
    case 'AWS::Lambda::EventSourceMapping':
      return between(named('EventSourceArn'), named('FunctionName'));
    case 'AWS::SQS::Queue':
      return between([id], named('RedrivePolicy'));
    case 'AWS::ApiGatewayV2::Integration':
      return between(named('ApiId'), named('IntegrationUri'));
    case 'AWS::StepFunctions::StateMachine':
      return between(
        [TRAINING_RUN],
        named('DefinitionString')
          .flatMap((version) => referencesIn(resources[version].Properties['FunctionName']))
          .filter((called) => !isStage(resources[called])),
      );
    case 'AWS::IAM::Policy':
      return functionsOf(named('Roles'), resources).flatMap((caller) => permittedEdges(caller, Properties));
    default:
      return [];
  }
}

interface Statement {
  Action: string | string[];
  Resource: unknown;
}

/** Where a function may read, it is shown to read; and so on. */
function permittedEdges(caller: string, { PolicyDocument }: Resource['Properties']): Edge[] {
  return (PolicyDocument as { Statement: Statement[] }).Statement.flatMap(({ Action, Resource }) => {
    const may = (pattern: RegExp) => [Action].flat().some((action) => pattern.test(action));
    return [
      ...(may(/^s3:GetObject$/) ? between(keysIn(Resource), [caller]) : []),
      ...(may(/^s3:(Put|Delete)Object/) ? between([caller], keysIn(Resource)) : []),
      ...(may(/^states:StartExecution$/) ? between([caller], [TRAINING_RUN]) : []),
    ];
  });
}

function functionsOf(roles: readonly string[], resources: Resources): string[] {
  return Object.keys(resources).filter(
    (id) =>
      resources[id].Type === 'AWS::Lambda::Function' &&
      referencesIn(resources[id].Properties['Role']).some((role) => roles.includes(role)),
  );
}

/** Whether it is the function of a stage. */
export function isStage(resource: Resource): boolean {
  return resource.Type === 'AWS::Lambda::Function' && PIPELINE.some(({ name }) => name === constructOf(resource));
}

/** The id of the construct that a resource is the heart of. */
export function constructOf({ Metadata }: Resource): string {
  return Metadata!['aws:cdk:path'].split('/').at(-2)!;
}

function between(from: readonly string[], to: readonly string[]): Edge[] {
  return from.flatMap((start) => to.map((end) => ({ from: start, to: end })));
}

/** The logical ids that a value refers to. */
function referencesIn(value: unknown): string[] {
  return [...JSON.stringify(value ?? null).matchAll(/\{"(?:Ref":"|Fn::GetAtt":\[")(\w+)"/g)].map(([, id]) => id);
}

/** The first parts of the keys that a policy's resources name. */
function keysIn(resource: unknown): string[] {
  return [...JSON.stringify(resource).matchAll(/"(\/(?:catalogue\/feeds\/|[\w.-]+\/?))/g)].map(([, key]) => key);
}

/** The same for the keys that a rule listens to. */
function prefixesIn(pattern: unknown): string[] {
  return [...JSON.stringify(pattern).matchAll(/"prefix":"([^"]+)"/g)].map(([, prefix]) => `/${prefix}`);
}
