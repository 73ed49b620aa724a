import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';

const client = new SNSClient({});

/** Longest subject that SNS takes. */
const LONGEST_SUBJECT = 100;

/** Tells a topic's subscribers, people by mail among them. */
export async function notify(topicArn: string, subject: string, message: string): Promise<void> {
  await client.send(
    new PublishCommand({ TopicArn: topicArn, Subject: subject.slice(0, LONGEST_SUBJECT), Message: message }),
  );
}
