import { type RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  CorsHttpMethod,
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  type IHttpRouteAuthorizer,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer, HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Config } from '../config.ts';

export interface RecommendationApiProps {
  readonly name: string;
  readonly recommend: IFunction;
  readonly config: Pick<
    Config,
    | 'access'
    | 'jwtIssuer'
    | 'jwtAudience'
    | 'corsOrigins'
    | 'console'
    | 'consoleIssuer'
    | 'consoleClientId'
    | 'throttleRate'
    | 'throttleBurst'
  >;
  readonly logRetention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
}

/** The HTTP API in front of the recommending function: who may call it, how often, and a line in the log for each call. */
export class RecommendationApi extends Construct {
  readonly api: HttpApi;
  readonly accessLog: LogGroup;

  constructor(
    scope: Construct,
    id: string,
    { name, recommend, config, logRetention, removalPolicy }: RecommendationApiProps,
  ) {
    super(scope, id);
    const integration = new HttpLambdaIntegration('Recommend', recommend);
    this.api = new HttpApi(this, 'HttpApi', {
      apiName: name,
      createDefaultStage: false,
      // What no shop page needs tells about the shop, or writes: it always asks for AWS credentials.
      defaultAuthorizer: new HttpIamAuthorizer(),
      defaultIntegration: integration,
      ...(config.corsOrigins.length > 0 && {
        corsPreflight: {
          allowOrigins: config.corsOrigins,
          allowMethods: [CorsHttpMethod.GET, CorsHttpMethod.POST],
          allowHeaders: ['authorization', 'content-type', 'if-none-match', 'x-amz-date', 'x-amz-security-token'],
          exposeHeaders: ['etag'],
        },
      }),
    });
    const shopRoutes = config.access === 'iam' ? [] : this.addShopRoutes(authorizerOf(config), integration);
    if (config.console === 'hosted') this.addConsoleRoutes(config, integration);
    if (config.corsOrigins.length > 0) {
      // A browser asks before it authenticates.
      const preflight = new HttpRoute(this, 'Preflight', {
        httpApi: this.api,
        routeKey: HttpRouteKey.with('/{proxy+}', HttpMethod.OPTIONS),
        integration,
        authorizer: new HttpNoneAuthorizer(),
      });
      Validations.of(preflight).acknowledge({
        id: 'AwsSolutions-APIG4',
        reason: 'Browsers send preflight requests without credentials; the answer says only which methods there are.',
      });
    }
    this.accessLog = new LogGroup(this, 'AccessLog', { retention: logRetention, removalPolicy });
    new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: config.throttleRate, burstLimit: config.throttleBurst },
      accessLogSettings: {
        destination: new LogGroupLogDestination(this.accessLog),
        format: AccessLogFormat.custom(ACCESS_LOG_FORMAT),
      },
    });
    if (config.access === 'public') {
      for (const route of shopRoutes) {
        Validations.of(route).acknowledge({
          id: 'AwsSolutions-APIG4',
          reason: 'The operator chose access "public": a shop page calls this without credentials. It is throttled.',
        });
      }
    }
  }

  /** The whole API again, for people who have signed in: what they see changes nothing. */
  private addConsoleRoutes(
    { consoleIssuer, consoleClientId }: RecommendationApiProps['config'],
    integration: HttpLambdaIntegration,
  ): void {
    const authorizer = new HttpJwtAuthorizer('Console', consoleIssuer!, { jwtAudience: [consoleClientId!] });
    for (const [method, path] of CONSOLE_ROUTES) {
      const routeKey = HttpRouteKey.with(path, method);
      new HttpRoute(this, `${method} ${path}`, { httpApi: this.api, routeKey, integration, authorizer });
    }
  }

  private addShopRoutes(authorizer: IHttpRouteAuthorizer, integration: HttpLambdaIntegration): HttpRoute[] {
    return SHOP_ROUTES.map(([method, path]) => {
      const routeKey = HttpRouteKey.with(path, method);
      return new HttpRoute(this, `${method} ${path}`, { httpApi: this.api, routeKey, integration, authorizer });
    });
  }
}

/** What a page of the shop calls. Everything else is the operator's. */
const SHOP_ROUTES: readonly [HttpMethod, string][] = [
  [HttpMethod.GET, '/v1/products/{proxy+}'],
  [HttpMethod.HEAD, '/v1/products/{proxy+}'],
  [HttpMethod.POST, '/v1/recommendations'],
  [HttpMethod.POST, '/v1/recommendations/batch'],
  [HttpMethod.GET, '/v1/health'],
  [HttpMethod.GET, '/v1/openapi.json'],
];

const CONSOLE_ROUTES: readonly [HttpMethod, string][] = [
  [HttpMethod.GET, '/console/v1/{proxy+}'],
  [HttpMethod.POST, '/console/v1/recommendations'],
];

function authorizerOf({ access, jwtIssuer, jwtAudience }: RecommendationApiProps['config']): IHttpRouteAuthorizer {
  if (access === 'public') return new HttpNoneAuthorizer();
  return new HttpJwtAuthorizer('Jwt', jwtIssuer!, { jwtAudience });
}

/**
 * What an operator needs to find a call, and nothing about who made it. Its bytes are paid for with every call; the time
 * is the log event's own.
 */
const ACCESS_LOG_FORMAT = JSON.stringify({
  id: '$context.requestId',
  call: '$context.httpMethod $context.path',
  status: '$context.status',
  bytes: '$context.responseLength',
  ms: '$context.responseLatency',
  functionMs: '$context.integrationLatency',
  error: '$context.error.message',
});
