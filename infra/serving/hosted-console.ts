import { Duration, Fn, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  AllowedMethods,
  CachePolicy,
  Function as CloudFrontFunction,
  Distribution,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  HttpVersion,
  OriginRequestPolicy,
  PriceClass,
  ResponseHeadersPolicy,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Config } from '../config.ts';
import { consoleHeaders } from './console-headers.ts';

export interface HostedConsoleProps {
  readonly name: string;
  /** Answers below `/console/v1/` to those who have signed in. */
  readonly api: HttpApi;
  readonly config: Pick<Config, 'consoleIssuer' | 'consoleOrigins'>;
}

/** Every page is one document, whose script reads the address; files have a dot in their names. */
const PAGES_TO_DOCUMENT = `function handler(event) {
  if (!/[.][^/]*$/.test(event.request.uri)) event.request.uri = '/index.html';
  return event.request;
}`;

/**
 * The console on CloudFront, for a team that wants a link: a private bucket with the built pages, which `npm run deploy` puts
 * there, and the API on the same origin. Nothing of it bills by the hour.
 */
export class HostedConsole extends Construct {
  readonly bucket: Bucket;
  readonly url: string;

  constructor(scope: Construct, id: string, { name, api, config }: HostedConsoleProps) {
    super(scope, id);
    // What is built from the sources can be built again.
    this.bucket = new Bucket(this, 'Pages', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const headers = headersPolicy(this, name, config);
    const pages = new CloudFrontFunction(this, 'PagesToDocument', {
      runtime: FunctionRuntime.JS_2_0,
      code: FunctionCode.fromInline(PAGES_TO_DOCUMENT),
    });
    const distribution = new Distribution(this, 'Distribution', {
      comment: `${name} console`,
      defaultRootObject: 'index.html',
      httpVersion: HttpVersion.HTTP2_AND_3,
      priceClass: PriceClass.PRICE_CLASS_100,
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(this.bucket),
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        responseHeadersPolicy: headers,
        functionAssociations: [{ function: pages, eventType: FunctionEventType.VIEWER_REQUEST }],
      },
      additionalBehaviors: {
        '/console/v1/*': {
          origin: new HttpOrigin(Fn.select(2, Fn.split('/', api.apiEndpoint))),
          viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
          allowedMethods: AllowedMethods.ALLOW_ALL,
          cachePolicy: CachePolicy.CACHING_DISABLED,
          originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
          responseHeadersPolicy: headers,
        },
      },
    });
    this.url = `https://${distribution.distributionDomainName}/`;
    explainUnmetRules(this.bucket, distribution);
  }
}

function headersPolicy(scope: Construct, name: string, config: HostedConsoleProps['config']): ResponseHeadersPolicy {
  const connectTo = [new URL(config.consoleIssuer!).origin, ...config.consoleOrigins];
  const { 'content-security-policy': policy, ...headers } = consoleHeaders(connectTo);
  const byItself = ['x-content-type-options', 'referrer-policy'];
  return new ResponseHeadersPolicy(scope, 'Headers', {
    responseHeadersPolicyName: `${name}-console`,
    securityHeadersBehavior: {
      contentSecurityPolicy: { contentSecurityPolicy: policy, override: true },
      contentTypeOptions: { override: true },
      frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
      referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
      strictTransportSecurity: { accessControlMaxAge: Duration.days(365), override: true },
    },
    customHeadersBehavior: {
      customHeaders: Object.entries(headers)
        .filter(([header]) => !byItself.includes(header))
        .map(([header, value]) => ({ header, value, override: true })),
    },
  });
}

function explainUnmetRules(bucket: Bucket, distribution: Distribution): void {
  Validations.of(bucket).acknowledge({
    id: 'AwsSolutions-S1',
    reason: 'It holds the built pages of an open program, and only CloudFront reads them.',
  });
  const reasons = {
    'AwsSolutions-CFR1': 'Who may look is decided by sign-in, and people travel.',
    'AwsSolutions-CFR2':
      'WAF costs $5 a month by itself. The pages are static, and the API behind them is throttled and takes signed tokens alone.',
    'AwsSolutions-CFR3':
      'Access logs need a bucket of their own, and hold addresses of people. The log of the API has every call without them.',
    'AwsSolutions-CFR4':
      "CloudFront's own certificate comes with its own choice of TLS versions; a name of the shop's own is the shop's to add.",
  };
  for (const [id, reason] of Object.entries(reasons)) Validations.of(distribution).acknowledge({ id, reason });
}
