/** What the kernels use of the WebAssembly JavaScript API, which TypeScript declares for browsers only. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
    static exports(module: Module): { name: string }[];
  }
  class Memory {
    readonly buffer: SharedArrayBuffer;
    constructor(descriptor: { initial: number; maximum: number; shared: true });
    /** @returns how many pages it had before. */
    grow(pages: number): number;
  }
  interface Global {
    value: number;
  }
  type Exports = Record<string, Global | ((...args: number[]) => void)>;
  class Instance {
    readonly exports: Exports;
    constructor(module: Module, imports: { env: { memory: Memory } });
  }
  function validate(bytes: Uint8Array): boolean;
}
