import * as oauth from 'oauth4webapi';
import type { Hosting } from '../../scripts/console/hosting.ts';
import { ApiProblem } from './request.ts';

/**
 * Sign-in by the authorization code flow with PKCE (RFC 7636), as a public client: no secret stands in the page. What is kept,
 * is kept by the browser tab and goes with it.
 */

/** Of a sign-in that is under way. */
const PENDING = 'alike-sign-in';
const TOKEN = 'alike-token';
/** A token that is about to expire is not worth a call. */
const LEAST_SECONDS_LEFT = 30;

interface Pending {
  state: string;
  nonce: string;
  codeVerifier: string;
  /** Where the person wanted to go. */
  path: string;
}

interface KeptToken {
  token: string;
  /** Seconds since the epoch. */
  signedInAt: number;
  /** Seconds since the epoch. */
  expiresAt: number;
}

/**
 * Who comes back from the issuer is taken to where they wanted to go.
 *
 * @returns the token; undefined when the browser is on its way to the issuer. @throws ApiProblem when sign-in failed.
 */
export async function signIn({ issuer, clientId }: Hosting): Promise<string | undefined> {
  const kept = read<KeptToken>(TOKEN);
  if (kept !== undefined && kept.expiresAt - Date.now() / 1000 > LEAST_SECONDS_LEFT) return kept.token;
  const client: oauth.Client = { client_id: clientId };
  const address = new URL(location.href);
  const pending = read<Pending>(PENDING);
  const isBack =
    address.searchParams.has('state') && (address.searchParams.has('code') || address.searchParams.has('error'));
  try {
    const server = await discover(new URL(issuer));
    if (!isBack || pending === undefined) {
      await goToIssuer(server, clientId);
      return undefined;
    }
    sessionStorage.removeItem(PENDING);
    const parameters = oauth.validateAuthResponse(server, client, address, pending.state);
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      oauth.None(),
      parameters,
      redirectUri(),
      pending.codeVerifier,
      insecureOnThisMachine(new URL(issuer)),
    );
    const result = await oauth.processAuthorizationCodeResponse(server, client, response, {
      expectedNonce: pending.nonce,
      requireIdToken: true,
    });
    // Its audience is this client by definition; that of an access token is the issuer's choice.
    const token = result.id_token!;
    const kept = { token, signedInAt: Date.now() / 1000, expiresAt: oauth.getValidatedIdTokenClaims(result)!.exp };
    keep(TOKEN, kept satisfies KeptToken);
    history.replaceState(null, '', pending.path);
    return token;
  } catch (error) {
    throw new ApiProblem(undefined, 'You could not be signed in', explain(error, issuer));
  }
}

/** @returns whether another would help: one that is new, and refused, has another fault than its age. */
export function forgetToken(): boolean {
  const kept = read<KeptToken>(TOKEN);
  sessionStorage.removeItem(TOKEN);
  return kept !== undefined && Date.now() / 1000 - kept.signedInAt > LEAST_SECONDS_LEFT;
}

async function discover(issuer: URL): Promise<oauth.AuthorizationServer> {
  const response = await oauth.discoveryRequest(issuer, { algorithm: 'oidc', ...insecureOnThisMachine(issuer) });
  return oauth.processDiscoveryResponse(issuer, response);
}

async function goToIssuer(server: oauth.AuthorizationServer, clientId: string): Promise<void> {
  const pending: Pending = {
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    codeVerifier: oauth.generateRandomCodeVerifier(),
    path: location.pathname + location.search,
  };
  keep(PENDING, pending);
  const target = new URL(server.authorization_endpoint!);
  const parameters = {
    client_id: clientId,
    redirect_uri: redirectUri(),
    response_type: 'code',
    scope: 'openid',
    state: pending.state,
    nonce: pending.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(pending.codeVerifier),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) target.searchParams.set(name, value);
  location.assign(target);
}

/** One for all pages: issuers compare it letter by letter. */
function redirectUri(): string {
  return `${location.origin}/`;
}

/** An issuer for a test may speak plainly, but on this machine alone. */
function insecureOnThisMachine({ hostname }: URL): { [oauth.allowInsecureRequests]?: boolean } {
  return hostname === '127.0.0.1' ? { [oauth.allowInsecureRequests]: true } : {};
}

function explain(error: unknown, issuer: string): string {
  if (error instanceof oauth.AuthorizationResponseError) {
    return `${issuer} says: ${error.error_description ?? error.error}.`;
  }
  if (error instanceof TypeError) {
    return `${issuer} cannot be reached from this page. If it is up, its tokens may come from another origin: the setting consoleOrigins allows it.`;
  }
  return `${issuer}: ${error instanceof Error ? error.message : String(error)}.`;
}

function read<T>(name: string): T | undefined {
  const text = sessionStorage.getItem(name);
  return text === null ? undefined : JSON.parse(text);
}

function keep(name: string, value: object): void {
  sessionStorage.setItem(name, JSON.stringify(value));
}
