import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { forgetPeak, temporaryFolder, type Usage, usageOf } from './measured-process.ts';

/** The Python of the peers: the one that ALIKE_PYTHON names, else `python3`. */
export const PYTHON = process.env['ALIKE_PYTHON'] ?? 'python3';

/** Module to the name under which `pip install` knows it. */
const DISTRIBUTIONS = {
  gensim: 'gensim',
  pandas: 'pandas',
  polars: 'polars',
  pyarrow: 'pyarrow',
  sklearn: 'scikit-learn',
} as const;
export type PythonModule = keyof typeof DISTRIBUTIONS;

/** @returns what the machine lacks and how to get it, in one sentence; undefined when all of them are there. */
export function missingFromPython(modules: readonly PythonModule[]): string | undefined {
  const code = 'import importlib.util, sys; print(*[m for m in sys.argv[1:] if importlib.util.find_spec(m) is None])';
  const { status, stdout } = spawnSync(PYTHON, ['-c', code, ...modules], { encoding: 'utf8' });
  if (status !== 0) return `there is no Python ${JSON.stringify(PYTHON)}. Get it with: ${howToInstall()}`;
  const missing = stdout.trim();
  if (missing === '') return undefined;
  return `${PYTHON} has no ${missing.replaceAll(' ', ', ')}. Get it with: ${howToInstall()}`;
}

function howToInstall(): string {
  return `python3 -m venv venv && venv/bin/pip install ${Object.values(DISTRIBUTIONS).join(' ')}, then ALIKE_PYTHON=venv/bin/python`;
}

/** A script of this folder that answers requests, JSON lines both, and stays alive: its imports are not measured. */
export class PythonPeer {
  readonly #module: PythonModule;
  readonly #python: ChildProcess;
  readonly #answers: AsyncIterator<string>;
  readonly #folder = temporaryFolder();
  readonly #files = new Map<object, string>();
  #errors = '';

  /** Runs with the Python that ALIKE_PYTHON names, else `python3`. @param module what the script cannot do without. */
  constructor(script: string, module: PythonModule) {
    this.#module = module;
    this.#python = spawn(PYTHON, [path.join(import.meta.dirname, script)], { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#python.stdin!.on('error', () => {});
    this.#python.stderr!.on('data', (chunk: Buffer) => {
      this.#errors += chunk;
    });
    this.#answers = createInterface({ input: this.#python.stdout! })[Symbol.asyncIterator]();
  }

  /** @returns its answer, with the most memory it held from request to answer. */
  async ask<Answer>(request: object): Promise<Answer & Pick<Usage, 'peakMb'>> {
    const pid = this.#python.pid!;
    forgetPeak(pid);
    this.#python.stdin!.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.#answers.next();
    if (done) {
      throw new Error(`${this.#module} did not answer. If it is missing: ${howToInstall()}.\n${this.#errors}`);
    }
    return { ...JSON.parse(value), peakMb: usageOf(pid).peakMb };
  }

  /** A path for a file that is there as long as this process. */
  fileNamed(name: string): string {
    return path.join(this.#folder, name);
  }

  /** @returns the path of a file that holds what `encode` makes of the data: written once, however often it is asked for. */
  fileOf<T extends object>(data: T, encode: (data: T) => string | NodeJS.ArrayBufferView): string {
    const known = this.#files.get(data);
    if (known !== undefined) return known;
    const file = this.fileNamed(`data-${this.#files.size}`);
    writeFileSync(file, encode(data));
    this.#files.set(data, file);
    return file;
  }

  close(): void {
    this.#python.stdin!.end();
  }
}
