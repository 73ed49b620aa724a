import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { vi } from 'vitest';

/** A stack as CloudFormation has it. */
interface FakeStack {
  status: string;
  reason?: string;
  isProtected?: boolean;
  outputs?: Record<string, string>;
}

/**
 * CloudFormation and EventBridge Scheduler as far as looking up and removing a stack needs them, over their own
 * protocols, a bucket with a few objects, and Step Functions without an execution. The environment of this process points
 * to it until `close`.
 */
export interface FakeAccount {
  /** Undefined: there is none. */
  stack: FakeStack | undefined;
  /** Names of the schedules in the group `default`. */
  schedules: string[];
  /** Key → text, in whichever bucket. */
  objects: Record<string, string>;
  /** What was asked, in order. */
  asked: string[];
  close(): Promise<void>;
}

export async function openFakeAccount(): Promise<FakeAccount> {
  const account: FakeAccount = {
    stack: undefined,
    schedules: [],
    objects: {},
    asked: [],
    async close() {
      vi.unstubAllEnvs();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url!, 'http://x');
    if (url.pathname.startsWith('/schedules')) {
      const name = decodeURIComponent(url.pathname.slice('/schedules/'.length));
      if (request.method === 'DELETE') account.schedules = account.schedules.filter((each) => each !== name);
      const prefix = url.searchParams.get('NamePrefix') ?? '';
      const found = account.schedules.filter((each) => each.startsWith(prefix)).map((Name) => ({ Name }));
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(request.method === 'DELETE' ? {} : { Schedules: found }));
      return;
    }
    if (request.headers['x-amz-target'] !== undefined) {
      response.setHeader('content-type', 'application/x-amz-json-1.0');
      response.end('{"executions":[]}');
      return;
    }
    const action = new URLSearchParams(Buffer.concat(chunks).toString()).get('Action');
    response.setHeader('content-type', 'text/xml');
    if (action === null) {
      account.asked.push(`s3 ${url.pathname}`);
      answerS3(account.objects, url, response);
      return;
    }
    account.asked.push(action);
    if (action === 'DescribeStacks' && account.stack === undefined) {
      response.statusCode = 400;
      response.end(
        '<ErrorResponse><Error><Code>ValidationError</Code><Message>Stack with id x does not exist</Message></Error></ErrorResponse>',
      );
      return;
    }
    response.end(
      `<${action}Response><${action}Result>${action === 'DescribeStacks' ? xmlOf(account.stack!) : ''}</${action}Result></${action}Response>`,
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  vi.stubEnv('AWS_ENDPOINT_URL', endpoint);
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_DEFAULT_REGION', 'eu-west-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  return account;
}

function answerS3(objects: FakeAccount['objects'], { pathname, searchParams }: URL, response: ServerResponse): void {
  if (searchParams.has('versions')) {
    response.end('<ListVersionsResult></ListVersionsResult>');
    return;
  }
  if (searchParams.has('list-type')) {
    const keys = Object.keys(objects).filter((key) => key.startsWith(searchParams.get('prefix') ?? ''));
    response.end(
      `<ListBucketResult>${keys.map((key) => `<Contents><Key>${key}</Key><Size>1</Size></Contents>`).join('')}</ListBucketResult>`,
    );
    return;
  }
  const object = objects[decodeURIComponent(pathname.split('/').slice(2).join('/'))];
  response.setHeader('etag', '"1"');
  if (object === undefined) response.statusCode = 404;
  response.end(object ?? '<Error><Code>NoSuchKey</Code></Error>');
}

function xmlOf({ status, reason, isProtected = false, outputs = {} }: FakeStack): string {
  const xml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const members = Object.entries(outputs).map(
    ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${xml(value)}</OutputValue></member>`,
  );
  return [
    '<Stacks><member><StackName>x</StackName>',
    `<StackStatus>${status}</StackStatus>`,
    reason === undefined ? '' : `<StackStatusReason>${xml(reason)}</StackStatusReason>`,
    `<EnableTerminationProtection>${isProtected}</EnableTerminationProtection>`,
    `<Outputs>${members.join('')}</Outputs>`,
    '</member></Stacks>',
  ].join('');
}

/** What a deployed stack says about itself. */
export function outputsOf(settings: Record<string, unknown> = {}, bucket = 'a-bucket'): Record<string, string> {
  return {
    ApiUrl: 'https://api.example',
    BucketName: bucket,
    StateMachineArn: 'arn:aws:states:eu-west-1:1:stateMachine:x',
    ApiAccess: String(settings['access'] ?? 'iam'),
    RemovalPolicy: String(settings['removalPolicy'] ?? 'retain'),
    Settings: JSON.stringify(settings),
  };
}
