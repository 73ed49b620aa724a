/** A kernel of `engine/kernels/`, compiled: base64 of WebAssembly, so that Node and every bundle carry it as a module. */
export interface KernelBinaries {
  /** With relaxed SIMD: one rounding for x · y + z where the CPU has FMA. */
  relaxed: string;
  plain: string;
}

/** One kernel on one memory, run by one or more threads. */
export interface KernelJob {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  /** (threads) the kernel's exported globals, by name, as each thread sets them before its first call. */
  globals: readonly Record<string, number>[];
}

/** The threads of a job, each with its own instance of the kernel. */
export interface KernelThreads {
  /** Calls an exported function on every thread. @returns when all are done. */
  call(name: string, ...args: number[]): Promise<void>;
  close(): Promise<void>;
}

/** Implemented in `lambdas/shared/kernel-threads.ts`; pure code takes it as an argument. */
export type StartThreads = (job: KernelJob) => Promise<KernelThreads>;

/**
 * Compiles the better of the two builds that this runtime knows. A result is the same to the bit on machines of the
 * same kind; between one with FMA and one without, the last bits differ.
 */
export function compileKernel({ relaxed, plain }: KernelBinaries): WebAssembly.Module {
  const relaxedBytes = Buffer.from(relaxed, 'base64');
  return new WebAssembly.Module(WebAssembly.validate(relaxedBytes) ? relaxedBytes : Buffer.from(plain, 'base64'));
}

/** An instance with its globals set. */
export function instantiate(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  globals: Record<string, number>,
): WebAssembly.Exports {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  for (const [name, value] of Object.entries(globals)) (exports[name] as WebAssembly.Global).value = value;
  return exports;
}
