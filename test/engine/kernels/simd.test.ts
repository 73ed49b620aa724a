import { readFile } from 'node:fs/promises';
import asc from 'assemblyscript/asc';
import { expect, test } from 'vitest';

/** Writes `logistic` of every float32 from `x` on, in place, with the scale that stands beside it. */
const SOURCE = `
  import { logistic, storeLogisticConstants } from './simd';
  export function run(x: usize, scale: usize, end: usize, constants: usize): void {
    storeLogisticConstants(constants);
    for (; x < end; x += 16, scale += 16) v128.store(x, logistic(v128.load(x), v128.load(scale), constants));
  }
`;

async function compile(features: string): Promise<WebAssembly.Module> {
  let binary: Uint8Array | undefined;
  const memory = ['--importMemory', '--sharedMemory', '--initialMemory', '4', '--maximumMemory', '4'];
  const { stderr } = await asc.main(
    ['kernel.ts', '--outFile', 'kernel.wasm', '--enable', features, '--disableWarning', '112', '-O3', ...memory],
    {
      readFile: (name) =>
        name === 'kernel.ts' ? SOURCE : readFile(`engine/kernels/${name}`, 'utf8').catch(() => null),
      writeFile: (_name, contents) => {
        binary = contents as Uint8Array;
      },
      listFiles: () => [],
    },
  );
  expect(stderr.toString()).toBe('');
  return new WebAssembly.Module(binary!);
}

test.each([
  ['with FMA', 'simd,threads,relaxed-simd'],
  ['without FMA', 'simd,threads'],
])(
  'logistic %s: scale · σ(−x), or scale · σ(x) for a negative scale, to a few units in the last place',
  async (_, features) => {
    const module = await compile(features);
    const memory = new WebAssembly.Memory({ initial: 4, maximum: 4, shared: true });
    const count = 16_000;
    const xs = Float32Array.from({ length: count }, (_, i) => -6 + (12 * i) / (count - 1));
    const scales = Float32Array.from(xs, (_, i) => [0.025, -0.025, 0.1, -1e-4][i % 4]);
    const [x, scale, constants] = [1_024, 1_024 + 4 * count, 1_024 + 8 * count];
    new Float32Array(memory.buffer, x, count).set(xs);
    new Float32Array(memory.buffer, scale, count).set(scales);

    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    (exports['run'] as (...args: number[]) => void)(x, scale, scale, constants);

    const worst = xs.reduce((most, value, i) => {
      const expected = scales[i] / (1 + Math.exp(scales[i] < 0 ? -value : value));
      return Math.max(most, Math.abs(new Float32Array(memory.buffer, x, count)[i] / expected - 1));
    }, 0);
    expect(worst).toBeLessThan(4e-7);
  },
);
