import { FEEDS_PREFIX } from '../../engine/catalogue/catalogue-keys.ts';
import { PIPELINE } from '../../lambdas/pipeline.ts';
import type { Template } from '../lib/template.ts';
import { architectureEdges, constructOf, type Edge, isStage, TRAINING_RUN } from './architecture-edges.ts';

/** What the picture of the architecture shows. No resource and no arrow is written by hand. */
export interface ArchitectureGraph {
  /** Of the state machine, in their order. */
  stages: Box[];
  boxes: Box[];
  edges: Edge[];
}

export interface Box {
  id: string;
  name: string;
  /** The AWS service. */
  service?: string;
  kind: BoxKind;
}

export type BoxKind = 'api' | 'compute' | 'messages' | 'outside' | 'storage' | 'watch';

/** The types of resources that are boxes; a box without a name here has its construct's. */
const BOXES: Record<string, { service: string; kind: BoxKind; name?: string }> = {
  'AWS::ApiGatewayV2::Api': { service: 'API Gateway', kind: 'api', name: 'HTTP API' },
  'AWS::Events::Rule': { service: 'EventBridge', kind: 'messages' },
  'AWS::Lambda::Function': { service: 'Lambda', kind: 'compute' },
  'AWS::SNS::Topic': { service: 'SNS', kind: 'watch' },
  'AWS::SQS::Queue': { service: 'SQS', kind: 'messages' },
  'AWS::Scheduler::Schedule': { service: 'EventBridge Scheduler', kind: 'messages' },
};

/** The types that are shown otherwise, as a frame, an arrow or a number, or left out as detail. */
const DETAILS = [
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Stage',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Permission',
  'AWS::Lambda::Version',
  'AWS::Logs::LogGroup',
  'AWS::Logs::MetricFilter',
  'AWS::S3::Bucket',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
  'AWS::StepFunctions::StateMachine',
];

/** @throws Error when nobody has said whether the picture shows a type of resource, or when a stage is not deployed. */
export function architectureGraph({ Resources }: Template): ArchitectureGraph {
  const resources = Object.entries(Resources);
  const boxes = resources.flatMap(([id, resource]): Box[] => {
    const box = BOXES[resource.Type];
    if (box !== undefined) return [{ id, name: inWords(constructOf(resource)), ...box }];
    if (DETAILS.includes(resource.Type)) return [];
    throw new Error(
      `Say in scripts/docs/architecture-graph.ts whether the picture shows ${resource.Type}, as of ${id}.`,
    );
  });
  const stages = PIPELINE.map(({ name }) => {
    const stage = boxes.find(({ id }) => isStage(Resources[id]) && constructOf(Resources[id]) === name);
    if (stage === undefined)
      throw new Error(`The picture shows the stage ${name}, but the template has no function for it.`);
    return stage;
  });

  const edges = mainEdges(
    architectureEdges(Resources),
    stages.map(({ id }) => id),
  );
  const keys = new Set(edges.flatMap(({ from, to }) => [from, to]).filter((end) => end.startsWith('/')));
  const shown = [
    ...boxes.filter((box) => !stages.includes(box)),
    ...[...keys].map((key): Box => ({ id: key, name: key.slice(1), service: 'S3', kind: 'storage' })),
  ];
  const shop = shown
    .filter(({ id, kind }) => (kind === 'storage' || kind === 'api') && !edges.some(({ to }) => to === id))
    .map(({ id, kind }) => ({
      id: `shop ${id}`,
      name: OUTSIDE[id] ?? (kind === 'api' ? "shop's pages" : "shop's clicks"),
      to: id,
    }));
  const alarmCount = resources.filter(([, { Type }]) => Type === 'AWS::CloudWatch::Alarm').length;
  return {
    stages,
    boxes: [
      ...shown,
      ...shop.map(({ id, name }): Box => ({ id, name, kind: 'outside' })),
      { id: 'alarms', name: `${alarmCount} alarms`, service: 'CloudWatch', kind: 'watch' },
    ],
    edges: [
      ...edges,
      ...shop.map(({ id, to }) => ({ from: id, to })),
      ...boxes.filter(({ kind }) => kind === 'watch').map(({ id }) => ({ from: 'alarms', to: id })),
    ],
  };
}

/** What the shop uploads there. */
const OUTSIDE: Record<string, string> = { [`/${FEEDS_PREFIX}`]: "shop's products" };

/**
 * Without what would hide the main paths: each arrow once; what the run writes is not shown to be read by it, too; what
 * a function writes not to be read by it; and what all stages write is written by the run.
 */
function mainEdges(edges: readonly Edge[], stages: readonly string[]): Edge[] {
  const isOfRun = (id: string) => id === TRAINING_RUN || stages.includes(id);
  const writtenByRun = edges.filter(({ from }) => isOfRun(from)).map(({ to }) => to);
  const writers = (key: string) => stages.filter((stage) => edges.some(({ from, to }) => from === stage && to === key));
  const shown = edges
    .filter(({ from, to }) => !(isOfRun(to) && writtenByRun.includes(from)))
    .filter(({ from, to }) => !(from.startsWith('/') && edges.some((edge) => edge.from === to && edge.to === from)))
    .map(({ from, to }) => ({ from: isOfRun(from) && writers(to).length > 1 ? TRAINING_RUN : from, to }));
  return [...new Map(shown.map((edge) => [`${edge.from} ${edge.to}`, edge])).values()];
}

/** `FailedTriggers` → `failed triggers`. */
function inWords(name: string): string {
  return name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}
