import { PIPELINE } from '../../lambdas/pipeline.ts';
import type { Template } from '../lib/template.ts';

interface Box {
  x: number;
  y: number;
  width: number;
  /** First line: what it is; second: which service. */
  lines: [string, string];
}

const HEIGHT = 44;
const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/**
 * The picture of what is deployed. Each box stands for resources that the template has to have, and each function of
 * the template has to have a box: otherwise this throws, so a picture that is out of date cannot be made.
 */
export function architectureSvg(template: Template): string {
  const count = (type: string) => Object.values(template.Resources).filter(({ Type }) => Type === type).length;
  const need = (type: string, ...lines: [string, string]): [string, string] => {
    if (count(type) === 0) throw new Error(`The picture shows ${lines[0]}, but the template has no ${type}.`);
    return lines;
  };
  const functionNames = new Set(
    Object.entries(template.Resources).flatMap(([id, { Type }]) => (Type === 'AWS::Lambda::Function' ? [id] : [])),
  );
  const lambda = (name: string, service = 'Lambda'): [string, string] => {
    const id = [...functionNames].find((candidate) =>
      candidate.replace(/^(Functions|Triggers)/, '').startsWith(name.replaceAll('-', '')),
    );
    if (id === undefined) throw new Error(`The picture shows the function ${name}, but the template has none.`);
    functionNames.delete(id);
    return [name, service];
  };

  const stageWidth = 92;
  const stages = PIPELINE.map(
    ({ name }, i): Box => ({ x: 40 + i * (stageWidth + 14), y: 212, width: stageWidth, lines: lambda(name) }),
  );
  const boxes = {
    uploads: { x: 24, y: 24, width: 130, lines: ['raw/ uploads', 'by the shop'] },
    rule: { x: 194, y: 24, width: 130, lines: need('AWS::Events::Rule', 'rule', 'EventBridge') },
    schedule: {
      x: 194,
      y: 94,
      width: 130,
      lines: need('AWS::Scheduler::Schedule', 'schedule', 'EventBridge Scheduler'),
    },
    queue: { x: 364, y: 24, width: 150, lines: need('AWS::SQS::Queue', 'trigger queue', 'SQS FIFO') },
    starter: { x: 554, y: 24, width: 130, lines: lambda('start-training') },
    reportFailure: { x: 724, y: 94, width: 150, lines: lambda('report-failure') },
    bucket: { x: 364, y: 310, width: 190, lines: need('AWS::S3::Bucket', 'runs/ and current.json', 'S3, versioned') },
    retire: { x: 724, y: 310, width: 150, lines: lambda('retire-runs') },
    recommend: { x: 364, y: 400, width: 190, lines: lambda('recommend', 'Lambda, model in memory') },
    api: { x: 194, y: 400, width: 130, lines: need('AWS::ApiGatewayV2::Api', 'HTTP API', 'API Gateway') },
    shop: { x: 24, y: 400, width: 130, lines: ['shop', 'HTTPS'] },
    alarms: {
      x: 724,
      y: 400,
      width: 150,
      lines: need('AWS::CloudWatch::Alarm', `${count('AWS::CloudWatch::Alarm')} alarms`, 'CloudWatch → SNS'),
    },
  } satisfies Record<string, Box>;
  if (functionNames.size > 0) throw new Error(`The picture has no box for ${[...functionNames].join(', ')}.`);

  const width = Math.max(900, 40 + PIPELINE.length * (stageWidth + 14) + 26);
  const machine = `<rect x="24" y="176" width="${width - 48}" height="94" rx="10" class="group"/><text x="40" y="198" class="label">state machine (${need('AWS::StepFunctions::StateMachine', 'Step Functions', '')[0]})</text>`;
  const arrows = [
    ...(
      [
        ['uploads', 'rule'],
        ['rule', 'queue'],
        ['queue', 'starter'],
        ['shop', 'api'],
        ['api', 'recommend'],
        ['bucket', 'retire'],
      ] as const
    ).map(([from, to]) => sideways(boxes[from], boxes[to])),
    ...stages.slice(1).map((stage, i) => sideways(stages[i], stage)),
    line(boxes.schedule.x + 130, boxes.schedule.y + 22, boxes.queue.x + 75, boxes.queue.y + HEIGHT),
    line(boxes.starter.x + 65, boxes.starter.y + HEIGHT, boxes.starter.x + 65, 176),
    line(799, 176, 799, boxes.reportFailure.y + HEIGHT),
    line(459, 270, 459, boxes.bucket.y),
    line(459, boxes.bucket.y + HEIGHT, 459, boxes.recommend.y),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} 468" role="img" aria-label="Architecture of Alike on AWS">
<style>.box{fill:#fff;stroke:#3b4a5a}.group{fill:#f1f5f9;stroke:#94a3b8}.name{font:600 12px sans-serif;fill:#0f172a}.service,.label{font:11px sans-serif;fill:#475569}.arrow{stroke:#3b4a5a;fill:none;marker-end:url(#head)}</style>
<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" fill="#3b4a5a"/></marker></defs>
<rect width="100%" height="100%" fill="#fff"/>
${machine}
${[...Object.values(boxes), ...stages].map(draw).join('\n')}
${arrows.join('\n')}
</svg>
`;
}

function draw({ x, y, width, lines: [name, service] }: Box): string {
  const middle = x + width / 2;
  return `<rect x="${x}" y="${y}" width="${width}" height="${HEIGHT}" rx="6" class="box"/><text x="${middle}" y="${y + 19}" text-anchor="middle" class="name">${escapeXml(name)}</text><text x="${middle}" y="${y + 34}" text-anchor="middle" class="service">${escapeXml(service)}</text>`;
}

/** From the right side of one box to the left side of the next. */
function sideways(from: Box, to: Box): string {
  return line(from.x + from.width, from.y + HEIGHT / 2, to.x, to.y + HEIGHT / 2);
}

function line(x1: number, y1: number, x2: number, y2: number): string {
  return `<path d="M${x1} ${y1} ${x2} ${y2}" class="arrow"/>`;
}

function escapeXml(text: string): string {
  return text.replaceAll(/[&<>]/g, (character) => ESCAPES[character]);
}
