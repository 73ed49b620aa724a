import { AlikeError, messageOf } from '../../engine/errors.ts';

/** The file could not be had from the network. */
export class DownloadError extends AlikeError {
  override readonly name = 'DownloadError';
}

const TIMEOUT_SECONDS = 300;

/** @throws DownloadError when there is no network, no such file, or no end within five minutes. */
export async function download(url: string): Promise<Uint8Array> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_SECONDS * 1000) });
    if (!response.ok) throw new DownloadError(`Cannot download ${url}: the server answered ${response.status}.`);
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    if (error instanceof DownloadError) throw error;
    throw new DownloadError(`Cannot download ${url}: ${reasonOf(error)}.`, { cause: error });
  }
}

/** fetch says "fetch failed" and keeps the reason in the cause; a refused connection has several, and no message. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return messageOf(cause) || (cause as NodeJS.ErrnoException).code || String(cause);
}
