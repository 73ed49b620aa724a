import { createHash, createSign, createVerify, generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { type Listening, listen } from './listen.ts';

/** An issuer of OpenID Connect with one person, who has signed in before: it asks nothing. */
export interface StandInIssuer extends Listening {
  clientId: string;
  /** What was asked of it: path and parameters. */
  asked: { path: string; parameters: Record<string, string> }[];
  /** What the person says to the sign-in. */
  answer: 'yes' | 'no';
  /** Seconds that a token is good for. */
  tokenSeconds: number;
  /** Whether API Gateway would let it in. */
  accepts(token: string): boolean;
}

const CORS = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' };

export async function startIssuer(): Promise<StandInIssuer> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const codes = new Map<string, Record<string, string>>();
  const tokenOf = (claims: object) => {
    const text = [{ alg: 'RS256', typ: 'JWT' }, claims].map((part) => encode(JSON.stringify(part))).join('.');
    return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey, 'base64url')}`;
  };
  const server = createServer(async (request, response) => {
    const address = new URL(request.url!, issuer.url);
    const parameters = Object.fromEntries(request.method === 'POST' ? await formOf(request) : address.searchParams);
    const json = (status: number, body: object) =>
      response.writeHead(status, { ...CORS, 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (request.method === 'OPTIONS') return void response.writeHead(204, CORS).end();
    if (address.pathname.startsWith('/.well-known/')) {
      return void json(200, {
        issuer: issuer.url,
        authorization_endpoint: `${issuer.url}/authorize`,
        token_endpoint: `${issuer.url}/token`,
      });
    }
    issuer.asked.push({ path: address.pathname, parameters });
    if (address.pathname === '/authorize') {
      const back = new URL(parameters['redirect_uri']);
      back.searchParams.set('state', parameters['state']);
      if (issuer.answer === 'yes') {
        const code = randomUUID();
        codes.set(code, parameters);
        back.searchParams.set('code', code);
      } else {
        back.searchParams.set('error', 'access_denied');
        back.searchParams.set('error_description', 'The person said no');
      }
      return void response.writeHead(302, { location: back.href }).end();
    }
    const begun = codes.get(parameters['code']);
    codes.delete(parameters['code']);
    const challenge = createHash('sha256')
      .update(parameters['code_verifier'] ?? '')
      .digest('base64url');
    if (begun?.['code_challenge'] !== challenge) return void json(400, { error: 'invalid_grant' });
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: issuer.url, aud: begun['client_id'], sub: 'operator', nonce: begun['nonce'], iat: now };
    json(200, {
      access_token: randomUUID(),
      token_type: 'bearer',
      id_token: tokenOf({ ...claims, exp: now + issuer.tokenSeconds }),
    });
  });
  const issuer: StandInIssuer = {
    ...(await listen(server)),
    clientId: 'alike-console',
    asked: [],
    answer: 'yes',
    tokenSeconds: 3600,
    accepts(token) {
      const [header, payload, signature] = token.split('.');
      const isSigned = createVerify('RSA-SHA256')
        .update(`${header}.${payload}`)
        .verify(publicKey, signature ?? '', 'base64url');
      if (!isSigned) return false;
      const { aud, iss, exp } = JSON.parse(Buffer.from(payload, 'base64url').toString());
      return aud === issuer.clientId && iss === issuer.url && exp > Date.now() / 1000;
    },
  };
  return issuer;
}

const encode = (text: string) => Buffer.from(text).toString('base64url');

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return new URLSearchParams(Buffer.concat(chunks).toString());
}
