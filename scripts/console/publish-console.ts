import { extname } from 'node:path';
import { DeleteObjectsCommand, PutObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { newS3Client } from '../../lambdas/shared/store/s3-client.ts';
import { buildConsole } from './build-console.ts';
import { type ConsoleFile, readConsoleFiles } from './console-files.ts';
import type { Hosting } from './hosting.ts';

/** A page that is open goes on loading the files that it began with. */
const KEPT_MS = 7 * 24 * 3_600_000;

/**
 * Puts the built console into the bucket that CloudFront shows, the document last, so that it never names a file that is not
 * there yet. @returns how many files.
 */
export async function publishConsole(bucket: string, hosting: Hosting): Promise<number> {
  const client = newS3Client();
  const files = withHosting(await readConsoleFiles(await buildConsole()), hosting);
  for (const [path, { type, bodies, isImmutable }] of files) {
    await client.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: path.slice(1),
        Body: bodies.identity,
        ContentType: type,
        CacheControl: isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache',
      }),
    );
  }
  const forgotten: string[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket: bucket })) {
    for (const { Key, LastModified } of Contents) {
      if (!files.has(`/${Key}`) && Date.now() - LastModified!.getTime() > KEPT_MS) forgotten.push(Key!);
    }
  }
  if (forgotten.length > 0) {
    const Objects = forgotten.map((Key) => ({ Key }));
    await client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }));
  }
  return files.size;
}

/** The document with what it has to know, and last. */
export function withHosting(
  files: ReadonlyMap<string, ConsoleFile>,
  hosting: Hosting,
): ReadonlyMap<string, Pick<ConsoleFile, 'type' | 'isImmutable'> & { bodies: { identity: Uint8Array } }> {
  const isDocument = ([path]: [string, unknown]) => extname(path) === '.html';
  const others = [...files].filter((file) => !isDocument(file));
  const documents = [...files].filter(isDocument).map(([path, file]): [string, ConsoleFile] => {
    const text = Buffer.from(file.bodies.identity).toString();
    const meta = `<meta name="alike-hosting" content="${escapeAttribute(JSON.stringify(hosting))}" />`;
    return [
      path,
      { ...file, bodies: { identity: Buffer.from(text.replace('</title>', () => `</title>\n    ${meta}`)) } },
    ];
  });
  return new Map([...others, ...documents]);
}

function escapeAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
