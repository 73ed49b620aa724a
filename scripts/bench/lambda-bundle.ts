import { build } from 'esbuild';

/** Bundles a Lambda as `infra/functions/alike-function.ts` does. @param outfile ends with `.mjs`. */
export async function bundleLambda(folder: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [new URL(`../../lambdas/${folder}/handler.ts`, import.meta.url).pathname],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    minify: true,
    banner: { js: "import { createRequire } from 'node:module';const require = createRequire(import.meta.url);" },
    logLevel: 'error',
  });
}
