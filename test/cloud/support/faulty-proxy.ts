import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

/** What happens to one connection: its answers are cut off after so many bytes, or it gets this answer at once. */
export type Fault = { cutAfterBytes: number } | { answer: string };

export interface FaultyProxy {
  endpoint: string;
  /** How many there were so far. */
  connections(): number;
  stop(): void;
}

/**
 * The network's faults before a real server: passes connections on to `endpoint`, some of them faultily.
 *
 * @param faultOf the connection with this number (from 0); undefined leaves it whole.
 */
export async function startFaultyProxy(
  endpoint: string,
  faultOf: (connection: number) => Fault | undefined,
): Promise<FaultyProxy> {
  const target = new URL(endpoint);
  let connections = 0;
  const server = createServer((client) => {
    const fault = faultOf(connections++);
    client.on('error', () => client.destroy());
    if (fault !== undefined && 'answer' in fault) {
      client.once('data', () => client.end(fault.answer));
      return;
    }
    const upstream = connect(Number(target.port), target.hostname);
    const cut = () => {
      client.destroy();
      upstream.destroy();
    };
    let bytesLeft = fault?.cutAfterBytes ?? Number.POSITIVE_INFINITY;
    client.pipe(upstream);
    upstream.on('data', (chunk: Buffer) => {
      const passed = chunk.subarray(0, Math.min(chunk.length, bytesLeft));
      bytesLeft -= passed.length;
      client.write(passed, passed.length < chunk.length ? cut : undefined);
    });
    for (const socket of [client, upstream]) socket.on('error', cut).on('close', cut);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { endpoint: `http://127.0.0.1:${port}`, connections: () => connections, stop: () => server.close() };
}

/** An error as S3 writes it: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export function s3ErrorAnswer(status: string, code: string, message: string): string {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return `HTTP/1.1 ${status}\r\nContent-Type: application/xml\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`;
}
