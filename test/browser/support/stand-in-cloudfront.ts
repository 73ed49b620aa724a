import { createServer } from 'node:http';
import { extname } from 'node:path';
import { consoleHeaders } from '../../../infra/serving/console-headers.ts';
import { buildConsole } from '../../../scripts/console/build-console.ts';
import { readConsoleFiles } from '../../../scripts/console/console-files.ts';
import { withHosting } from '../../../scripts/console/publish-console.ts';
import { type Listening, listen } from './listen.ts';
import type { StandInIssuer } from './stand-in-issuer.ts';

/** A hosted console as CloudFront and API Gateway show it: `infra/serving/`. @param apiUrl the API without a gateway. */
export async function startCloudFront(issuer: StandInIssuer, apiUrl: string): Promise<Listening & { refused: number }> {
  const hosting = { place: 'stage test', issuer: issuer.url, clientId: issuer.clientId };
  const files = withHosting(await readConsoleFiles(await buildConsole()), hosting);
  const headers = consoleHeaders([issuer.url]);
  const server = createServer(async (request, response) => {
    const { pathname, search } = new URL(request.url!, 'http://host');
    if (!pathname.startsWith('/console/v1/')) {
      const file = files.get(extname(pathname) === '' ? '/index.html' : pathname);
      if (file === undefined) return void response.writeHead(403, headers).end();
      return void response.writeHead(200, { ...headers, 'content-type': file.type }).end(file.bodies.identity);
    }
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined || !issuer.accepts(token)) {
      cloudFront.refused++;
      return void response.writeHead(401, { 'content-type': 'application/json' }).end('{"message":"Unauthorized"}');
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const answer = await fetch(`${apiUrl}${pathname.slice('/console'.length)}${search}`, {
      method: request.method!,
      ...(chunks.length > 0 && { body: Buffer.concat(chunks), headers: { 'content-type': 'application/json' } }),
    });
    const type = answer.headers.get('content-type') ?? 'application/json';
    response
      .writeHead(answer.status, { ...headers, 'content-type': type })
      .end(Buffer.from(await answer.arrayBuffer()));
  });
  const cloudFront = { ...(await listen(server)), refused: 0 };
  return cloudFront;
}
