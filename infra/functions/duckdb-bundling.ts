import type { BundlingOptions } from 'aws-cdk-lib/aws-lambda-nodejs';

/** Beside the bundle rather than in it: a native library, the one for Lambda's OS and CPU. */
export function duckDbBundling(architecture: 'arm64' | 'x86_64'): BundlingOptions {
  const install = new URL('install-duckdb.ts', import.meta.url).pathname;
  return {
    externalModules: ['@duckdb/node-api'],
    commandHooks: {
      beforeBundling: () => [],
      beforeInstall: () => [],
      afterBundling: (_inputDir, outputDir) => [`"${process.execPath}" "${install}" "${outputDir}" ${architecture}`],
    },
  };
}
