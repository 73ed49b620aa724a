import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';
import { ConfigurationError, messageOf } from '../../engine/errors.ts';

const API_GATEWAY_HOST = /\.execute-api\.(?<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?$/;
const REFUSED = 403;

/**
 * `fetch` for an API that may ask for AWS credentials: a call that is refused is made again, signed with those of the
 * environment, the profile or the machine (SigV4, service `execute-api`).
 *
 * @throws ConfigurationError when it is refused and there are no credentials to sign it with.
 */
export async function fetchSigned(
  url: string,
  init: { method?: 'GET' | 'POST'; body?: string; signal?: AbortSignal; headers?: Record<string, string> } = {},
): Promise<Response> {
  const response = await fetch(url, init);
  if (response.status !== REFUSED || init.headers?.['authorization'] !== undefined) return response;
  return fetch(url, { ...init, headers: await signatureHeaders(new URL(url), init) });
}

async function signatureHeaders(
  url: URL,
  { method = 'GET', body, headers: own = {} }: { method?: string; body?: string; headers?: Record<string, string> },
): Promise<Record<string, string>> {
  const region =
    API_GATEWAY_HOST.exec(url.hostname)?.groups?.['region'] ??
    process.env['AWS_REGION'] ??
    process.env['AWS_DEFAULT_REGION'];
  const signer = new SignatureV4({
    service: 'execute-api',
    region: region ?? 'us-east-1',
    credentials: fromNodeProviderChain(),
    sha256: Hash.bind(null, 'sha256'),
  });
  const { headers } = await sign(signer, {
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    // A parameter may be given again.
    query: Object.fromEntries([...url.searchParams.keys()].map((name) => [name, url.searchParams.getAll(name)])),
    headers: { ...own, host: url.host },
    ...(body !== undefined && { body }),
  });
  return headers;
}

async function sign(signer: SignatureV4, request: Parameters<SignatureV4['sign']>[0]) {
  try {
    return await signer.sign(request);
  } catch (cause) {
    throw new ConfigurationError(
      `The API refused the unsigned call (403), and there are no AWS credentials to sign it with (${messageOf(cause)}). Log in with "aws login", or set AWS_PROFILE.`,
      { cause },
    );
  }
}
