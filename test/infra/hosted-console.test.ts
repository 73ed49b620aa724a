import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../infra/config.ts';
import { ofType, SYNTH_TIMEOUT_MS, synthesize } from './synthesize.ts';

const HOSTED = {
  console: 'hosted',
  consoleIssuer: 'https://login.example/staff',
  consoleClientId: 'alike-console',
  consoleOrigins: 'https://tokens.example',
};

describe('console=hosted', { timeout: SYNTH_TIMEOUT_MS }, () => {
  it('is refused without a sign-in, before anything is synthesized', () => {
    expect(() => resolveConfig({ console: 'hosted', consoleIssuer: HOSTED.consoleIssuer })).toThrow(
      /console is "hosted".*together with consoleIssuer and consoleClientId.*--set consoleClientId=/s,
    );
    expect(() => resolveConfig({ ...HOSTED, consoleIssuer: 'http://login.example' })).toThrow('consoleIssuer');
    expect(() => resolveConfig({ ...HOSTED, consoleOrigins: 'tokens.example/' })).toThrow('https://tokens.example');
  });

  it('makes nothing of it by default', () => {
    const types = Object.values(synthesize()).map(({ Type }) => Type);
    expect(types.filter((type) => type.startsWith('AWS::CloudFront'))).toEqual([]);
  });

  it('keeps the pages in a private bucket, which CloudFront alone reads', () => {
    const resources = synthesize(HOSTED);
    const [id, bucket] = Object.entries(resources).find(([name]) => name.startsWith('ConsolePages'))!;
    expect(bucket.Properties['PublicAccessBlockConfiguration']).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    const [policy] = ofType(resources, 'AWS::S3::BucketPolicy').filter(({ Bucket }) => Bucket.Ref === id);
    const allowed = policy['PolicyDocument'].Statement.filter(({ Effect }: { Effect: string }) => Effect === 'Allow');
    expect(allowed).toHaveLength(1);
    expect(allowed[0]).toMatchObject({
      Principal: { Service: 'cloudfront.amazonaws.com' },
      Action: 's3:GetObject',
      Condition: { StringEquals: { 'AWS:SourceArn': expect.anything() } },
    });
    const [control] = ofType(resources, 'AWS::CloudFront::OriginAccessControl');
    expect(control['OriginAccessControlConfig']).toMatchObject({ SigningBehavior: 'always', SigningProtocol: 'sigv4' });
  });

  it('sends everything over TLS with a policy that runs no text as code', () => {
    const resources = synthesize(HOSTED);
    const [{ ResponseHeadersPolicyConfig: headers }] = ofType(resources, 'AWS::CloudFront::ResponseHeadersPolicy');
    const policy: string = headers.SecurityHeadersConfig.ContentSecurityPolicy.ContentSecurityPolicy;
    expect(policy).toContain("default-src 'none'; script-src 'self';");
    expect(policy).toContain("connect-src 'self' https://login.example https://tokens.example;");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers.SecurityHeadersConfig.StrictTransportSecurity.AccessControlMaxAgeSec).toBeGreaterThan(30_000_000);
    const [{ DistributionConfig: distribution }] = ofType(resources, 'AWS::CloudFront::Distribution');
    const behaviors = [distribution.DefaultCacheBehavior, ...distribution.CacheBehaviors];
    expect(behaviors.map(({ ViewerProtocolPolicy }) => ViewerProtocolPolicy)).toEqual([
      'redirect-to-https',
      'https-only',
    ]);
    for (const { ResponseHeadersPolicyId } of behaviors) expect(ResponseHeadersPolicyId).toBeDefined();
    expect(distribution.CacheBehaviors[0].PathPattern).toBe('/console/v1/*');
  });

  it('lets in below /console who signed in for it, and leaves the rest of the API to AWS credentials', () => {
    const resources = synthesize(HOSTED);
    const authorizers = Object.entries(resources).filter(([, { Type }]) => Type === 'AWS::ApiGatewayV2::Authorizer');
    expect(authorizers).toHaveLength(1);
    const [[id, { Properties: authorizer }]] = authorizers;
    expect(authorizer['JwtConfiguration']).toEqual({
      Audience: ['alike-console'],
      Issuer: 'https://login.example/staff',
    });
    const routes = ofType(resources, 'AWS::ApiGatewayV2::Route');
    const byToken = routes.filter(({ AuthorizerId }) => AuthorizerId?.Ref === id).map(({ RouteKey }) => RouteKey);
    expect(byToken.toSorted()).toEqual(['GET /console/v1/{proxy+}', 'POST /console/v1/recommendations']);
    const others = routes.filter(({ RouteKey }) => !byToken.includes(RouteKey));
    expect(others.map(({ AuthorizationType }) => AuthorizationType)).toEqual(others.map(() => 'AWS_IAM'));
  });

  it('keeps tokens of shoppers and of the console apart', () => {
    const resources = synthesize({
      ...HOSTED,
      access: 'jwt',
      jwtIssuer: 'https://login.example/shoppers',
      jwtAudience: 'shop',
    });
    const issuers = ofType(resources, 'AWS::ApiGatewayV2::Authorizer').map(({ JwtConfiguration }) => JwtConfiguration);
    expect(issuers).toHaveLength(2);
    expect(issuers).toContainEqual({ Audience: ['shop'], Issuer: 'https://login.example/shoppers' });
  });
});
