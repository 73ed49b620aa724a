import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';

const client = new SNSClient({});

/** SNS takes less than 100 characters. */
const LONGEST_SUBJECT = 99;

/** Tells a topic's subscribers, people by mail among them. */
export async function notify(topicArn: string, subject: string, message: string): Promise<void> {
  await client.send(new PublishCommand({ TopicArn: topicArn, Subject: subjectLine(subject), Message: message }));
}

/** As SNS takes it: a key of S3 may have line breaks, and whole characters alone are left of one that is too long. */
export function subjectLine(text: string): string {
  const line = text.replaceAll(/\p{Cc}+/gu, ' ').trim();
  return line.slice(0, LONGEST_SUBJECT).replace(/[\ud800-\udbff]$/, '');
}
