import { Duration, Size } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import {
  CATALOGUE_CURRENT_KEY,
  CATALOGUE_VERSIONS_PREFIX,
  type CatalogueArtifact,
  catalogueKey,
  FEEDS_PREFIX,
} from '../../engine/catalogue/catalogue-keys.ts';
import { AlikeFunction, type FunctionDefaults } from '../functions/alike-function.ts';
import { grantKeys } from '../storage/artifact-permissions.ts';

export interface CatalogueFeedsProps {
  readonly bucket: IBucket;
  readonly defaults: FunctionDefaults;
  /** Takes the uploads that could not be loaded. */
  readonly deadLetters: IQueue;
  /** Told of each feed that is refused or cannot be used: an alarm would cost a tenth of a dollar a month. */
  readonly topic: ITopic;
}

/** Pattern of an artifact of every catalogue; what is uploaded under `catalogue/feeds/` is none. */
export function cataloguePattern(name: CatalogueArtifact): string {
  return catalogueKey('2*', name);
}

const ARTIFACTS: readonly CatalogueArtifact[] = ['catalogue', 'own_rows', 'rejected_rows', 'feed'];

/** What loads feeds: an upload under `catalogue/feeds/full/` or `catalogue/feeds/delta/` makes a new catalogue. */
export class CatalogueFeeds extends Construct {
  readonly load: AlikeFunction;

  constructor(scope: Construct, id: string, { bucket, defaults, deadLetters, topic }: CatalogueFeedsProps) {
    super(scope, id);
    this.load = new AlikeFunction(this, 'catalogue', {
      defaults,
      folder: 'catalogue',
      description: 'Makes a catalogue of each feed that is uploaded',
      // A million products take 1 GB (docs/benchmarks.md); a second processor reads while the first one builds.
      memorySize: 3_008,
      timeout: Duration.minutes(15),
      // The feed as it was uploaded, unpacked, and as DuckDB's Parquet.
      ephemeralStorageSize: Size.mebibytes(4_096),
      usesDuckDb: true,
      deadLetterQueue: deadLetters,
      environment: { ALIKE_BUCKET: bucket.bucketName, ALIKE_TOPIC_ARN: topic.topicArn },
    });
    topic.grantPublish(this.load);
    const role = this.load.role!;
    const artifacts = ARTIFACTS.map(cataloguePattern);
    const feeds = `${FEEDS_PREFIX}*`;
    grantKeys(bucket, role, {
      read: [feeds, CATALOGUE_CURRENT_KEY, ...artifacts],
      write: [CATALOGUE_CURRENT_KEY, ...artifacts],
      delete: artifacts,
      list: [CATALOGUE_VERSIONS_PREFIX],
    });
    // The upload that is announced, though another may have replaced it since.
    role.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['s3:GetObjectVersion'], resources: [bucket.arnForObjects(feeds)] }),
    );
    new Rule(this, 'Uploaded', {
      description: `A feed under ${FEEDS_PREFIX}`,
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: { bucket: { name: [bucket.bucketName] }, object: { key: [{ prefix: FEEDS_PREFIX }] } },
      },
      targets: [new LambdaFunction(this.load, { deadLetterQueue: deadLetters })],
    });
  }
}
