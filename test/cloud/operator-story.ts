import {
  CloudFrontClient,
  GetResponseHeadersPolicyCommand,
  ListDistributionsCommand,
} from '@aws-sdk/client-cloudfront';
import {
  DeleteBucketCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
  HeadObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { S3ArtifactStore } from '../../lambdas/shared/store/s3-artifact-store.ts';
import { deleteVersions, listVersions } from '../../scripts/forget/object-versions.ts';
import type { Deployment } from '../../scripts/lib/deployment.ts';
import { eventually } from './support/account.ts';
import type { MiniStack } from './support/ministack.ts';
import { run, runWell } from './support/processes.ts';

/** What the story of the first stage hands over. */
interface Neighbour {
  ministack: MiniStack;
  /** Of the stage `dev`. */
  deployment: Deployment;
  /** A file to train on. */
  clicks: string;
  settings: Readonly<Record<string, string>>;
  tell(text: string): void;
}

const REGION = 'eu-central-1';
const SHOP = ['--stage', 'shop', '--region', REGION];
const IN_REGION = { AWS_REGION: REGION, AWS_DEFAULT_REGION: REGION };
/** An operator leaves the data behind. */
const KEPT = { removalPolicy: 'retain' };

const HOSTED = { console: 'hosted', consoleIssuer: 'https://login.example', consoleClientId: 'alike-console' };

/**
 * A second stage in the same account, in another region: deployed, trained, removed with its data kept, and taken up again.
 * Every command stands in the test's output with what it printed.
 */
export function operatorStory(neighbour: () => Neighbour): void {
  let bucket: string;
  let live: string;
  let consoleUrl: string;
  /** Of its API. */
  let url: string;

  test('a second stage is deployed in another region, beside the first', async () => {
    const { settings, tell } = neighbour();
    await runWell('npx', ['cdk', 'bootstrap', '--no-notices'], IN_REGION);
    tell(`cdk bootstrap in ${REGION}: done.`);
    const given = { ...settings, ...KEPT };
    const unasked = await operate('deploy', [...SHOP, ...setOptions(given)], 1);
    expect(unasked).toMatch(/alike-shop is new\..*Nothing was deployed\. .*give --yes\./s);
    const printed = await operate('deploy', [...SHOP, '--yes', ...setOptions(given)]);
    expect(printed).toContain('alike-shop is new.');
    expect(printed).toMatch(/^ {2}removalPolicy: |^The API is at https:/m);
    expect(printed).toContain(`npm run status -- --stage shop --region ${REGION}`);
    bucket = /s3:\/\/(alike-shop-[a-z0-9-]+)/.exec(printed)![1];
    expect(bucket).not.toBe(neighbour().deployment.bucket);

    const elsewhere = await operate('status', ['--stage', 'shop'], 1);
    expect(elsewhere).toContain('There is no stack alike-shop in this account and the region us-east-1');
    expect(elsewhere).toMatch(/or give --region/);
    const status = await operate('status', SHOP);
    expect(status).toContain('live run    none: the API answers 503');
    expect(status).toContain(`bucket      ${bucket}`);
  });

  test('its first upload trains it, and nothing new ends as unchanged', async () => {
    const { clicks, deployment } = neighbour();
    const trained = await operate('train', [...SHOP, '--data', clicks, '--add']);
    expect(trained).toMatch(/^Added raw\/.+, which every later run reads too; training on all of s3:\/\/alike-shop-/);
    live = /Run (\S+) is live: Promoted: it is the first run/.exec(trained)![1];

    await followUp();
    const again = await operate('train', SHOP);
    expect(again).toContain(`Training on all of s3://${bucket}/raw/.`);
    expect(again).toMatch(
      new RegExp(`ended before training: Unchanged: input, settings and code are those of live run ${live}`),
    );
    const runs = await operate('runs', SHOP);
    expect(runs).toMatch(new RegExp(`^${live} +live `, 'm'));
    expect(runs).toMatch(/^\S+ +unchanged/m);
    expect(runs).not.toContain(deployment.bucket);
  });

  test('its removal keeps the data, and says how to take it up again', async () => {
    const refused = await operate('destroy', SHOP, 1);
    expect(refused).toContain('Nothing was removed. To remove without a question, give --yes.');
    const removed = await operate('destroy', [...SHOP, '--yes']);
    expect(removed).toContain(`Its data is kept in s3://${bucket}`);
    expect(removed).toMatch(
      new RegExp(`npm run deploy -- --stage shop --region ${REGION}( --set \\S+)+ --set bucket=${bucket}\n`),
    );
    expect(removed).toContain(' --set preset=layer ');
    expect(await operate('status', SHOP, 1)).toContain('There is no stack alike-shop');
    expect(await new S3ArtifactStore(bucket, '', newS3()).get('current.json')).toBeDefined();
  });

  test('a new deployment takes the bucket up, and answers from its live model', async () => {
    const { settings, ministack } = neighbour();
    const given = { ...settings, ...KEPT, ...HOSTED, bucket };
    const printed = await operate('deploy', [...SHOP, '--yes', ...setOptions(given)]);
    consoleUrl = /^The console is at (https:\S+)$/m.exec(printed)![1];
    expect(printed).toContain(`needs ${consoleUrl} as a callback address`);
    const status = await operate('status', SHOP);
    expect(status).toContain(`bucket      ${bucket}`);
    expect(status).toContain(`live run    ${live}, `);
    expect(status).toContain(`console     ${consoleUrl}`);
    const apiId = /API +https:\/\/([^.]+)\./.exec(status)![1];
    url = `${ministack.endpoint}/_aws/execute-api/${apiId}/$default`;
    const answer = await operate('recommend', ['A13', '--url', url, '--json']);
    expect(JSON.parse(answer.trimEnd().split('\n').at(-1)!).modelVersion).toBe(live);
    expect(await operate('train', SHOP)).toMatch(new RegExp(`those of live run ${live}`));
    expect(await operate('status', ['--stage', 'dev'])).toContain(`bucket      ${neighbour().deployment.bucket}`);
  });

  test('its hosted console lies in a private bucket behind CloudFront, and strangers are refused', async () => {
    const { tell } = neighbour();
    const { DistributionList } = await newCloudFront().send(new ListDistributionsCommand({}));
    const distribution = DistributionList!.Items!.find(({ DomainName }) => consoleUrl === `https://${DomainName}/`)!;
    const [pages, api] = distribution.Origins!.Items!;
    expect(pages.OriginAccessControlId).toMatch(/./);
    expect(api.DomainName).toContain('execute-api');
    const { DefaultCacheBehavior: behavior } = distribution;
    const { ResponseHeadersPolicy } = await newCloudFront().send(
      new GetResponseHeadersPolicyCommand({ Id: behavior!.ResponseHeadersPolicyId! }),
    );
    const { SecurityHeadersConfig: headers } = ResponseHeadersPolicy!.ResponseHeadersPolicyConfig!;
    expect(headers!.ContentSecurityPolicy!.ContentSecurityPolicy).toContain(
      `script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' ${HOSTED.consoleIssuer};`,
    );
    const pagesBucket = pages.DomainName!.split('.s3.')[0];
    const { PublicAccessBlockConfiguration: block } = await newS3().send(
      new GetPublicAccessBlockCommand({ Bucket: pagesBucket }),
    );
    expect(Object.values(block!)).toEqual([true, true, true, true]);
    const document = await newS3().send(new GetObjectCommand({ Bucket: pagesBucket, Key: 'index.html' }));
    expect(document).toMatchObject({ ContentType: 'text/html; charset=utf-8', CacheControl: 'no-cache' });
    const text = await document.Body!.transformToString();
    expect(text).toContain(HOSTED.consoleClientId);
    for (const [, file] of text.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)) {
      const { CacheControl } = await newS3().send(new HeadObjectCommand({ Bucket: pagesBucket, Key: file }));
      expect(CacheControl).toContain('immutable');
    }
    const asked = ['/console/v1/model', '/console/v1/runs', '/console/v1/health'];
    const statusOf = async (path: string, headers: Record<string, string> = {}) =>
      (await fetch(`${url}${path}`, { headers })).status;
    const statuses = await Promise.all([
      ...asked.map((path) => statusOf(path)),
      ...asked.map((path) => statusOf(path, { authorization: 'Bearer not.a.token' })),
      statusOf('/v1/runs'),
    ]);
    tell(`Strangers at ${asked.join(', ')}, with false tokens, and at /v1/runs: ${statuses.join(', ')}.`);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 401, 403]);
  });

  test('what is removed with its console leaves nothing of it', async () => {
    await operate('destroy', [...SHOP, '--yes']);
    // What is kept on purpose is the test's own to clear away.
    await deleteVersions(newS3(), bucket, await listVersions(newS3(), bucket, ''));
    await newS3().send(new DeleteBucketCommand({ Bucket: bucket }));
  });

  /** The upload asks for a run as well: it finds its work done, or ends as unchanged. */
  async function followUp(): Promise<void> {
    const settled = 2 * Number(neighbour().settings['uploadSettleSeconds']) + 5;
    await new Promise((resolve) => setTimeout(resolve, 1_000 * settled));
    await eventually('no run under way', 60, async () => {
      const { stdout } = await run('npm', ['run', '--silent', 'status', '--', ...SHOP]);
      return stdout.includes('under way') ? undefined : true;
    });
  }

  /** Runs a command as the operator does, and tells what it printed. @returns both streams. */
  async function operate(script: string, args: readonly string[], expectedCode = 0): Promise<string> {
    const environment = script === 'recommend' ? IN_REGION : {};
    const command = ['run', '--silent', script, '--', ...args];
    const { code, stdout, stderr } = await run('npm', command, environment);
    const printed = stderr + stdout;
    neighbour().tell(`$ npm run ${script} -- ${args.join(' ')}\n${withoutCdk(printed)}`);
    expect(code, printed).toBe(expectedCode);
    return printed;
  }
}

function newCloudFront(): CloudFrontClient {
  return new CloudFrontClient({ region: REGION });
}

function newS3(): S3Client {
  return new S3Client({ region: REGION, forcePathStyle: true });
}

function setOptions(settings: Readonly<Record<string, string>>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
}

/** The CDK prints a line for each resource and each bundle. */
function withoutCdk(printed: string): string {
  return printed
    .split('\n')
    .filter((line) => !/ \| .* \| |^Bundling asset|: (start|success): |index\.mjs|^⚡ Done|^ *$/.test(line))
    .join('\n');
}
