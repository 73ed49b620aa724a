import validateStateMachine from 'asl-validator';
import { Validations } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { beforeAll, describe, expect, test } from 'vitest';
import { PIPELINE } from '../../lambdas/pipeline.ts';
import { synthesizeDefinition } from '../../scripts/lib/state-machine-definition.ts';
import { newApp, ofType, type Resource, SYNTH_TIMEOUT_MS, synthesize } from './synthesize.ts';

let resources: Record<string, Resource>;
beforeAll(() => {
  resources = synthesize();
}, SYNTH_TIMEOUT_MS);

/** Billed while they exist, used or not. */
const BILLED_BY_THE_HOUR =
  /NatGateway|VPCEndpoint|LoadBalanc|DBInstance|DBCluster|CacheCluster|ReplicationGroup|::EC2::Instance|ECS::Service|OpenSearch|Kinesis::Stream|MSK|Redshift|SageMaker::Endpoint|ElasticIP|::EC2::EIP|KMS::Key/;

describe('the idle stack', () => {
  test('has nothing that bills by the hour', () => {
    const types = new Set(Object.values(resources).map(({ Type }) => Type));
    expect([...types].filter((type) => BILLED_BY_THE_HOUR.test(type))).toEqual([]);
  });

  test('keeps no Lambda warm and reserves none', () => {
    for (const lambda of ofType(resources, 'AWS::Lambda::Function')) {
      expect(lambda).not.toHaveProperty('ReservedConcurrentExecutions');
    }
    expect(ofType(resources, 'AWS::Lambda::Alias')).toEqual([]);
  });
});

describe('the bucket', () => {
  test('is private, encrypted, versioned, reached over TLS only, and stays when the stack goes', () => {
    const bucket = Object.values(resources).find(({ Type }) => Type === 'AWS::S3::Bucket')!;
    expect(bucket.DeletionPolicy).toBe('Retain');
    expect(bucket.Properties).toMatchObject({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      VersioningConfiguration: { Status: 'Enabled' },
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
    });
    expect(ofType(resources, 'AWS::S3::BucketPolicy')[0]['PolicyDocument'].Statement).toMatchObject([
      { Effect: 'Deny', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    ]);
  });

  test('lets only retired runs expire, and no upload', () => {
    const { Rules } = ofType(resources, 'AWS::S3::Bucket')[0]['LifecycleConfiguration'];
    expect(Rules.filter((rule: { ExpirationInDays?: number }) => rule.ExpirationInDays !== undefined)).toMatchObject([
      { Prefix: 'runs/', ExpirationInDays: 90, TagFilters: [{ Key: 'alike-run', Value: 'retired' }] },
    ]);
    for (const { Prefix, NoncurrentVersionExpiration } of Rules) {
      if (NoncurrentVersionExpiration !== undefined) {
        expect(['runs/', 'current.json', 'catalogue/2', 'catalogue/current.json']).toContain(Prefix);
      }
    }
  });
});

describe('every function', () => {
  test('has its own role, its own log group with an end, and tracing', () => {
    const lambdas = Object.entries(resources).filter(([, { Type }]) => Type === 'AWS::Lambda::Function');
    const roles = lambdas.map(([, { Properties }]) => Properties['Role']['Fn::GetAtt'][0]);
    const logGroups = lambdas.map(([, { Properties }]) => Properties['LoggingConfig'].LogGroup.Ref);
    expect(lambdas).toHaveLength(PIPELINE.length + 5);
    expect(new Set(roles).size).toBe(lambdas.length);
    expect(new Set(logGroups).size).toBe(lambdas.length);
    for (const group of ofType(resources, 'AWS::Logs::LogGroup')) expect(group['RetentionInDays']).toBe(30);
    for (const [, { Properties }] of lambdas) {
      expect(Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
      });
    }
    const untraced = lambdas.filter(([, { Properties }]) => Properties['TracingConfig'].Mode !== 'Active');
    expect(untraced.map(([, { Properties }]) => Properties['Description'])).toEqual([
      'Answers the HTTP API from the live model',
    ]);
    for (const role of ofType(resources, 'AWS::IAM::Role')) expect(role).not.toHaveProperty('ManagedPolicyArns');
  });

  test('that answers logs what it says itself, and of Lambda failures alone; it is traced on demand', () => {
    const answering = (template: Record<string, Resource>) =>
      ofType(template, 'AWS::Lambda::Function').find(({ Description }) => /HTTP API/.test(Description))!;
    expect(answering(resources)['LoggingConfig']).toMatchObject({
      LogFormat: 'JSON',
      SystemLogLevel: 'WARN',
      // Metrics have no level, which counts as INFO.
      ApplicationLogLevel: 'INFO',
    });
    const traced = synthesize({ traceAnswers: 'on' });
    expect(answering(traced)['TracingConfig']).toEqual({ Mode: 'Active' });
  });

  test.each(PIPELINE)('of the stage table has what the table gives it: $name', (stage) => {
    const lambda = ofType(resources, 'AWS::Lambda::Function').find(({ Description }) => Description === stage.purpose);
    expect(lambda).toMatchObject({
      MemorySize: stage.memoryMb,
      Timeout: stage.timeoutSeconds,
      EphemeralStorage: { Size: stage.ephemeralStorageMb },
    });
  });
});

describe('the state machine', () => {
  test('is logged but for its data, which quotes the clickstream, and traced', () => {
    expect(ofType(resources, 'AWS::StepFunctions::StateMachine')[0]).toMatchObject({
      LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
      TracingConfiguration: { Enabled: true },
    });
  });

  test('calls published versions, which stay: a deployment during a run changes nothing for it', () => {
    const versions = Object.entries(resources).filter(([, { Type }]) => Type === 'AWS::Lambda::Version');
    expect(versions).toHaveLength(PIPELINE.length + 1);
    for (const [, version] of versions) expect(version.DeletionPolicy).toBe('Retain');
    const definition = JSON.stringify(ofType(resources, 'AWS::StepFunctions::StateMachine')[0]['DefinitionString']);
    const called = [...definition.matchAll(/FunctionName[^}]*?"Ref":"(\w+)"/g)].map(([, id]) => id);
    expect(new Set(called)).toEqual(new Set(versions.map(([id]) => id)));
  });

  test('may call every version of its functions, those of a run that began before a deployment too', () => {
    const allowed = ofType(resources, 'AWS::IAM::Policy')
      .filter(({ Roles }) => /^TrainingStateMachineRole/.test(Roles[0].Ref))
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .filter(({ Action }) => Action === 'lambda:InvokeFunction')
      .flatMap(({ Resource }) => Resource)
      .map((resource) => resource['Fn::Join'][1]);
    expect(allowed).toHaveLength(PIPELINE.length + 1);
    for (const [{ 'Fn::GetAtt': getAtt }, versions] of allowed) {
      expect(getAtt).toEqual([expect.stringMatching(/^Functions/), 'Arn']);
      expect(versions).toBe(':*');
    }
  });

  test('is valid Amazon States Language without unreachable states', async () => {
    const { isValid, errorsText } = await validateStateMachine(await synthesizeDefinition());
    expect(errorsText()).toBe('');
    expect(isValid).toBe(true);
  });
});

describe('uploads and the schedule', () => {
  const uploadRule = (template: Record<string, Resource>) =>
    ofType(template, 'AWS::Events::Rule').find(({ Description }) => /raw/.test(Description))!;
  const starter = (template: Record<string, Resource>) =>
    ofType(template, 'AWS::Lambda::Function').find(({ Description }) => /^Starts a run/.test(Description))!;

  test('go to one function, and what it cannot be invoked with to one queue, which nothing polls', () => {
    const rule = uploadRule(resources);
    expect(rule['EventPattern'].detail.object.key).toEqual([{ prefix: 'raw/' }]);
    const arn = { 'Fn::GetAtt': [expect.stringMatching(/^Triggersstarttraining/), 'Arn'] };
    const deadLetters = { 'Fn::GetAtt': [expect.stringMatching(/^FailedEvents/), 'Arn'] };
    expect(rule['Targets']).toMatchObject([{ Arn: arn, DeadLetterConfig: { Arn: deadLetters } }]);
    expect(ofType(resources, 'AWS::Scheduler::Schedule')).toMatchObject([
      {
        ScheduleExpression: 'cron(0 3 ? * MON *)',
        ScheduleExpressionTimezone: 'UTC',
        Target: { Arn: arn, Input: '{"source":"alike.schedule"}', DeadLetterConfig: { Arn: deadLetters } },
      },
    ]);
    expect(starter(resources)['DeadLetterConfig']).toEqual({ TargetArn: deadLetters });
    expect(ofType(resources, 'AWS::SQS::Queue')).toHaveLength(1);
    expect(ofType(resources, 'AWS::Lambda::EventSourceMapping')).toEqual([]);
  });

  test('wait for as long as the settings say; the schedule can be another, or none', () => {
    const other = synthesize({ uploadSettleSeconds: '5', schedule: 'rate(1 day)', scheduleTimeZone: 'Europe/Zurich' });
    expect(starter(other)['Environment'].Variables.ALIKE_UPLOAD_SETTLE_SECONDS).toBe('5');
    expect(ofType(other, 'AWS::Scheduler::Schedule')[0]).toMatchObject({
      ScheduleExpression: 'rate(1 day)',
      ScheduleExpressionTimezone: 'Europe/Zurich',
    });
    expect(ofType(synthesize({ schedule: 'off' }), 'AWS::Scheduler::Schedule')).toEqual([]);
  });

  test('make schedules of this deployment only', () => {
    const policies = JSON.stringify(ofType(resources, 'AWS::IAM::Policy'));
    expect(policies.match(/"scheduler:[A-Za-z]+"/g)).toEqual(['"scheduler:CreateSchedule"']);
    expect(policies).toContain(':schedule/default/alike-dev-*');
  });
});

describe('the API', () => {
  const routesOf = (settings: Record<string, unknown>) => ofType(synthesize(settings), 'AWS::ApiGatewayV2::Route');

  test('asks for AWS credentials by default, is throttled and logs each call', () => {
    expect(ofType(resources, 'AWS::ApiGatewayV2::Route')).toMatchObject([{ AuthorizationType: 'AWS_IAM' }]);
    const [stage] = ofType(resources, 'AWS::ApiGatewayV2::Stage');
    expect(stage).toMatchObject({ DefaultRouteSettings: { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 } });
    expect(JSON.parse(stage['AccessLogSettings'].Format)).toMatchObject({ status: '$context.status' });
    expect(stage['AccessLogSettings'].Format).not.toMatch(/sourceIp|userAgent|authorizer/);
  });

  const accessOf = (settings: Record<string, unknown>) =>
    Object.fromEntries(routesOf(settings).map(({ RouteKey, AuthorizationType }) => [RouteKey, AuthorizationType]));
  const shop = (authorization: string) =>
    Object.fromEntries(
      [
        'GET /v1/products/{proxy+}',
        'HEAD /v1/products/{proxy+}',
        'POST /v1/recommendations',
        'POST /v1/recommendations/batch',
        'GET /v1/health',
        'GET /v1/openapi.json',
      ].map((route) => [route, authorization]),
    );

  test('can ask for a token, or for nothing, where a shop page calls it; the rest is for the operator', () => {
    const jwt = { access: 'jwt', jwtIssuer: 'https://login.example', jwtAudience: 'shop' };
    expect(accessOf(jwt)).toEqual({ $default: 'AWS_IAM', ...shop('JWT') });
    expect(ofType(synthesize(jwt), 'AWS::ApiGatewayV2::Authorizer')).toMatchObject([
      { JwtConfiguration: { Issuer: 'https://login.example', Audience: ['shop'] } },
    ]);
    expect(accessOf({ access: 'public' })).toEqual({ $default: 'AWS_IAM', ...shop('NONE') });
  });

  test('lets a browser of an allowed origin ask before it authenticates', () => {
    expect(routesOf({ corsOrigins: 'https://shop.example' })).toContainEqual(
      expect.objectContaining({ RouteKey: 'OPTIONS /{proxy+}', AuthorizationType: 'NONE' }),
    );
    const [{ CorsConfiguration: cors }] = ofType(
      synthesize({ corsOrigins: 'https://shop.example' }),
      'AWS::ApiGatewayV2::Api',
    );
    expect(cors).toMatchObject({ AllowHeaders: expect.arrayContaining(['if-none-match']), ExposeHeaders: ['etag'] });
  });
});

describe('alarms', () => {
  test('say what is wrong and what to do, and tell the topic', () => {
    for (const alarm of ofType(resources, 'AWS::CloudWatch::Alarm')) {
      expect(alarm['AlarmDescription']).toMatch(/^.{20,}\. .{20,}\.$/s);
      expect(alarm['TreatMissingData']).toBe('notBreaching');
      expect(alarm['AlarmActions']).toHaveLength(1);
      // Ten cents a month each; one that computes with several metrics costs as much a metric.
      expect(alarm['Metrics']).toBeUndefined();
    }
  });

  test('are so few that an idle stack costs less than a dollar a month', () => {
    expect(ofType(resources, 'AWS::CloudWatch::Alarm').length).toBeLessThan(10);
    expect(ofType(resources, 'AWS::CloudWatch::Dashboard')).toEqual([]);
    expect(ofType(synthesize({ dashboard: 'on' }), 'AWS::CloudWatch::Dashboard')).toHaveLength(1);
  });

  test('are not needed for a run that failed or timed out: an event tells the topic', () => {
    const rule = ofType(resources, 'AWS::Events::Rule').find(({ Description }) => /run failed/.test(Description))!;
    expect(rule['EventPattern'].detail).toEqual({
      status: ['FAILED', 'TIMED_OUT'],
      stateMachineArn: [{ Ref: expect.stringMatching(/^Training/) }],
    });
    expect(rule['Targets']).toMatchObject([
      {
        Arn: { Ref: expect.stringMatching(/^AlarmTopic/) },
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': [expect.stringMatching(/^FailedEvents/), 'Arn'] } },
      },
    ]);
  });

  test('tell of a failed run by commands that find it, whatever it ended as and wherever it is', () => {
    const rule = ofType(resources, 'AWS::Events::Rule').find(({ Description }) => /run failed/.test(Description))!;
    const { InputTemplate, InputPathsMap } = rule['Targets'][0].InputTransformer;
    for (const [command] of InputTemplate.matchAll(/npm run .*?--region <[\w-]+>/g)) {
      expect(command).toMatch(/^npm run (runs|status|train) -- (--resume RUN )?--stage dev --region <region>$/);
    }
    expect(InputPathsMap).toMatchObject({ region: '$.region', 'detail-name': '$.detail.name' });
    // An id that no command knows is named as what it is.
    expect(InputTemplate).toContain('npm run runs');
    expect(InputTemplate).toContain('in Step Functions its execution is <detail-name>');
    // Nothing writes failure.json for it: a Catch does not see the timeout of the execution.
    const ofTimedOut = /If it is TIMED_OUT: .*$/.exec(InputTemplate)?.[0];
    expect(ofTimedOut).toMatch(/left no cause/);
    expect(ofTimedOut).not.toContain('npm run status');
  });

  test('may publish to the topic, which nobody may over plain HTTP', () => {
    const { Statement } = ofType(resources, 'AWS::SNS::TopicPolicy')[0]['PolicyDocument'];
    expect(Statement).toContainEqual(
      expect.objectContaining({
        Effect: 'Allow',
        Action: 'sns:Publish',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
      }),
    );
    expect(Statement).toContainEqual(
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    );
    // An alarm of somebody else's is not let in.
    const conditionOf = (service: string) =>
      Statement.find(({ Principal }: { Principal: { Service?: string } }) => Principal.Service === service)?.Condition;
    expect(conditionOf('cloudwatch.amazonaws.com')).toEqual({
      StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
    });
    expect(conditionOf('events.amazonaws.com')).toBeUndefined();
  });

  test('have the verdict of each run and feed for company: publish and catalogue may write to the topic, and no other function', () => {
    const topic = { Ref: expect.stringMatching(/^AlarmTopic/) };
    const publishers = ofType(resources, 'AWS::IAM::Policy').filter(({ PolicyDocument }) =>
      JSON.stringify(PolicyDocument).includes('"sns:Publish"'),
    );
    expect(publishers.map(({ PolicyName }) => PolicyName)).toEqual([
      expect.stringMatching(/publish/),
      expect.stringMatching(/catalogue/),
    ]);
    const told = ofType(resources, 'AWS::Lambda::Function').filter(
      ({ Environment }) => Environment?.Variables.ALIKE_TOPIC_ARN !== undefined,
    );
    const variables = { Environment: { Variables: { ALIKE_TOPIC_ARN: topic } } };
    expect(told).toMatchObject([variables, variables]);
  });

  test('have the thresholds of the settings and reach the address', () => {
    const other = synthesize({
      modelMaxAgeDays: 2,
      latencyAlarmMs: 300,
      fallbackAlarmPercent: 20,
      alarmEmail: 'a@b.example',
    });
    const thresholdOf = (name: string) =>
      ofType(other, 'AWS::CloudWatch::Alarm').find(({ AlarmName }) => AlarmName === `alike-dev-${name}`)!['Threshold'];
    expect(thresholdOf('model-too-old')).toBe(172_800);
    expect(thresholdOf('slow-answers')).toBe(300);
    expect(thresholdOf('mostly-fallback')).toBe(20);
    expect(ofType(other, 'AWS::SNS::Subscription')).toMatchObject([{ Protocol: 'email', Endpoint: 'a@b.example' }]);
  });
});

describe('the other settings', () => {
  test('reach the resources that they are about', () => {
    const other = synthesize({
      architecture: 'x86_64',
      recommendMemoryMb: 512,
      trainingMemoryMb: 2_048,
      throttleRate: 5,
      throttleBurst: 6,
      logRetentionDays: 7,
      runRetentionDays: 14,
      removalPolicy: 'destroy',
      preset: 'layer',
    });
    const lambdas = ofType(other, 'AWS::Lambda::Function');
    const ingest = lambdas.find(({ Description }) => Description === PIPELINE[0].purpose)!;
    expect(ingest).toMatchObject({ Architectures: ['x86_64'], MemorySize: 2_048 });
    expect(JSON.parse(ingest['Environment'].Variables.ALIKE_TRAINING_DEFAULTS)).toMatchObject({ preset: 'layer' });
    expect(lambdas.find(({ Description }) => /HTTP API/.test(Description))).toMatchObject({ MemorySize: 512 });
    expect(ofType(other, 'AWS::ApiGatewayV2::Stage')[0]['DefaultRouteSettings']).toEqual({
      ThrottlingRateLimit: 5,
      ThrottlingBurstLimit: 6,
    });
    expect(ofType(other, 'AWS::Logs::LogGroup').every(({ RetentionInDays }) => RetentionInDays === 7)).toBe(true);
    expect(JSON.stringify(ofType(other, 'AWS::S3::Bucket')[0]['LifecycleConfiguration'])).toContain(
      '"ExpirationInDays":14',
    );
    // A version goes with its function.
    const kept = Object.values(other).filter(({ DeletionPolicy }) => DeletionPolicy === 'Retain');
    expect(kept.filter(({ Type }) => Type !== 'AWS::Lambda::Version')).toEqual([]);
  });

  test('name the bucket, its key, and how long versions of uploads stay', () => {
    const kmsKeyArn = 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
    const other = synthesize({ bucket: 'my-bucket', kmsKeyArn, uploadVersionDays: 7 });
    const [bucket] = ofType(other, 'AWS::S3::Bucket');
    expect(bucket).toMatchObject({
      BucketName: 'my-bucket',
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          {
            BucketKeyEnabled: true,
            ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: kmsKeyArn },
          },
        ],
      },
    });
    expect(bucket['LifecycleConfiguration'].Rules).toContainEqual(
      expect.objectContaining({ Prefix: 'raw/', NoncurrentVersionExpiration: { NoncurrentDays: 7 } }),
    );
    const decrypting = ofType(other, 'AWS::IAM::Policy').filter(({ PolicyDocument }) =>
      JSON.stringify(PolicyDocument).includes('kms:Decrypt'),
    );
    expect(decrypting.length).toBeGreaterThanOrEqual(PIPELINE.length);
  });

  test('protect prod, and another stage when asked to', () => {
    const isProtected = (settings: Record<string, unknown>) => newApp(settings).stack.terminationProtection;
    expect(isProtected({ stage: 'prod' })).toBe(true);
    expect(isProtected({})).toBe(false);
    expect(isProtected({ terminationProtection: 'on' })).toBe(true);
    expect(isProtected({ stage: 'prod', terminationProtection: 'off' })).toBe(false);
  });

  test('of two stages give two deployments in one account: no name is shared', () => {
    const namesOf = (stage: string) =>
      new Set(
        JSON.stringify(synthesize({ stage })).match(
          /"(Alarm|Dashboard|Queue|Function|Bucket|Topic|Role)Name":"[^"]+"/g,
        ),
      );
    const dev = namesOf('dev');
    const shared = [...namesOf('prod')].filter((name) => dev.has(name));
    expect(shared).toEqual([]);
  });
});

describe('cdk-nag AwsSolutions', () => {
  test.each([
    [{}],
    [{ access: 'public', corsOrigins: 'https://shop.example' }],
    [{ access: 'jwt', jwtIssuer: 'https://login.example', jwtAudience: 'shop', removalPolicy: 'destroy' }],
    [{ console: 'hosted', consoleIssuer: 'https://login.example', consoleClientId: 'console' }],
  ])('finds nothing unexplained with %j', (settings) => {
    const { app } = newApp(settings);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).not.toThrow();
  });

  test('would find a bucket without TLS', () => {
    const { app, stack } = newApp();
    new Bucket(stack, 'Careless');
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).toThrow(/S10|SSL/);
  });
});
