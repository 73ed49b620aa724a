import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, type CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { CURRENT_KEY, RUNS_PREFIX } from '../../engine/artifacts/artifact-keys.ts';
import {
  CATALOGUE_CURRENT_KEY,
  CATALOGUE_VERSIONS_PREFIX,
  FEEDS_PREFIX,
} from '../../engine/catalogue/catalogue-keys.ts';
import { RETIRED_TAG } from '../../lambdas/retire-runs/retired-runs.ts';

export interface ArtifactBucketProps {
  /** From its training until a run goes that is neither live nor what a rollback returns to. */
  readonly runRetentionDays: number;
  /** @default - none: versions of uploads stay */
  readonly uploadVersionDays: number | undefined;
  /** @default - made up by CloudFormation */
  readonly bucketName: string | undefined;
  /** @default - the key is S3's own */
  readonly kmsKeyArn: string | undefined;
  readonly removalPolicy: RemovalPolicy;
}

/** How long an overwritten or deleted object can be brought back. */
const UNDO_DAYS = 30;

/** Everything that Alike keeps: uploads under `raw/`, runs under `runs/`, feeds and catalogues under `catalogue/`, and pointers. */
export class ArtifactBucket extends Bucket {
  constructor(scope: Construct, id: string, props: ArtifactBucketProps) {
    const { runRetentionDays, uploadVersionDays, bucketName, kmsKeyArn, removalPolicy } = props;
    super(scope, id, {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      ...(bucketName !== undefined && { bucketName }),
      ...(kmsKeyArn === undefined
        ? { encryption: BucketEncryption.S3_MANAGED }
        : {
            encryption: BucketEncryption.KMS,
            encryptionKey: Key.fromKeyArn(scope, `${id}Key`, kmsKeyArn),
            bucketKeyEnabled: true,
          }),
      enforceSSL: true,
      versioned: true,
      removalPolicy,
      lifecycleRules: [
        {
          id: 'expire-retired-runs',
          prefix: RUNS_PREFIX,
          tagFilters: RETIRED_TAG,
          expiration: Duration.days(runRetentionDays),
        },
        {
          id: 'forget-replaced-run-objects',
          prefix: RUNS_PREFIX,
          noncurrentVersionExpiration: Duration.days(UNDO_DAYS),
          expiredObjectDeleteMarker: true,
        },
        {
          id: 'forget-replaced-pointers',
          prefix: CURRENT_KEY,
          noncurrentVersionExpiration: Duration.days(UNDO_DAYS),
        },
        {
          // A loader deletes what a rollback does not return to; with hourly prices that is a catalogue an hour.
          id: 'forget-retired-catalogues',
          prefix: CATALOGUE_VERSIONS_PREFIX,
          noncurrentVersionExpiration: Duration.days(1),
          expiredObjectDeleteMarker: true,
        },
        {
          id: 'forget-replaced-catalogue-pointers',
          prefix: CATALOGUE_CURRENT_KEY,
          noncurrentVersionExpiration: Duration.days(UNDO_DAYS),
        },
        ...(uploadVersionDays === undefined
          ? []
          : [
              {
                id: 'forget-replaced-feeds',
                prefix: FEEDS_PREFIX,
                noncurrentVersionExpiration: Duration.days(uploadVersionDays),
                expiredObjectDeleteMarker: true,
              },
              {
                id: 'forget-replaced-uploads',
                prefix: 'raw/',
                noncurrentVersionExpiration: Duration.days(uploadVersionDays),
                expiredObjectDeleteMarker: true,
              },
            ]),
        { id: 'abort-unfinished-uploads', abortIncompleteMultipartUploadAfter: Duration.days(7) },
      ],
    });
    // As a property of the bucket: CDK's own switch is a custom resource whose Lambda leaves its logs behind.
    (this.node.defaultChild as CfnBucket).notificationConfiguration = {
      eventBridgeConfiguration: { eventBridgeEnabled: true },
    };
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Access logs need a second bucket of their own. Only the functions of this stack read and write here; CloudTrail data events can be switched on for the account.',
    });
  }
}

export function removalPolicyOf(setting: 'retain' | 'destroy'): RemovalPolicy {
  return setting === 'destroy' ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;
}
