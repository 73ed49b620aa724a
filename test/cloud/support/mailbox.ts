import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { ConfirmSubscriptionCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';

/** What SNS posts to an HTTP subscription. */
interface Posted {
  Type: 'SubscriptionConfirmation' | 'Notification';
  Message: string;
  Subject?: string;
  Token?: string;
}

/** Reads what a topic tells, as the operator's mail would: by a subscription of its own. */
export async function openMailbox(TopicArn: string): Promise<{ messages: string[]; close(): void }> {
  const sns = new SNSClient({});
  const messages: string[] = [];
  const server = createServer(async (request, response) => {
    const { Type, Message, Subject, Token } = JSON.parse(await text(request)) as Posted;
    response.end();
    if (Type === 'SubscriptionConfirmation') await sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token }));
    else messages.push(Subject === undefined ? Message : `${Subject}: ${Message}`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await sns.send(
    new SubscribeCommand({
      TopicArn,
      Protocol: 'http',
      Endpoint: `http://127.0.0.1:${port}/`,
      ReturnSubscriptionArn: true,
    }),
  );
  return { messages, close: () => server.close() };
}
