/**
 * Compiles the AssemblyScript kernels of `engine/kernels/` to WebAssembly and writes them as modules that Node and esbuild
 * read like any other: npm run build:kernels
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Kernel source to generated module. */
export const KERNELS = {
  'engine/kernels/best-of-many.ts': 'engine/numeric/best-of-many-wasm.ts',
  'engine/kernels/dot-products.ts': 'engine/ranking/dot-products-wasm.ts',
  'engine/kernels/softmax-loss.ts': 'engine/evaluation/softmax-loss-wasm.ts',
  'engine/kernels/session-knn.ts': 'engine/ranking/session-knn-wasm.ts',
  'engine/kernels/reranker.ts': 'engine/ranking/reranker-wasm.ts',
  'engine/kernels/table.ts': 'engine/clicks/table-wasm.ts',
  'engine/kernels/k-means.ts': 'engine/k-means/k-means-wasm.ts',
  'engine/kernels/word2vec.ts': 'engine/word2vec/word2vec-wasm.ts',
} as const;

/** With FMA where the CPU has it, and for runtimes without relaxed SIMD. */
const VARIANTS = { relaxed: 'simd,relaxed-simd,threads', plain: 'simd,threads' } as const;

export async function buildKernel(source: string): Promise<string> {
  const [relaxed, plain] = await Promise.all([compile(source, VARIANTS.relaxed), compile(source, VARIANTS.plain)]);
  return [
    `// Compiled from ${source} by \`npm run build:kernels\`: do not edit.`,
    "import type { KernelBinaries } from '../numeric/kernel.ts';",
    '',
    'export const KERNEL: KernelBinaries = {',
    `  relaxed:\n    '${relaxed}',`,
    `  plain:\n    '${plain}',`,
    '};',
    '',
  ].join('\n');
}

/** @returns base64. */
async function compile(source: string, features: string): Promise<string> {
  let binary: Uint8Array | undefined;
  const flags = ['--runtime', 'stub', '--use', 'abort=', '--disableWarning', '112', '--noAssert', '-O3'];
  const memory = ['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'];
  const { error, stderr } = await asc.main(
    [source, '--outFile', 'kernel.wasm', '--enable', features, ...flags, ...memory],
    {
      readFile: (name, baseDir) => readFile(`${baseDir}/${name}`, 'utf8').catch(() => null),
      writeFile: (_name, contents) => {
        binary = contents as Uint8Array;
      },
      listFiles: () => [],
    },
  );
  if (error !== null || binary === undefined) throw new Error(`${source} does not compile:\n${stderr.toString()}`);
  return Buffer.from(binary).toString('base64');
}

if (import.meta.main) {
  process.chdir(ROOT);
  for (const [source, output] of Object.entries(KERNELS)) {
    await writeFile(output, await buildKernel(source));
    console.log(`${source} → ${output}`);
  }
}
