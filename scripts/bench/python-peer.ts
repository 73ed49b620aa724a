import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { forgetPeak, type Usage, usageOf } from './measured-process.ts';
import { howToInstall, PYTHON, type PythonModule } from './python.ts';

/** A script of this folder that answers requests, JSON lines both, and stays alive: its imports are not measured. */
export class PythonPeer {
  readonly #module: PythonModule;
  readonly #python: ChildProcess;
  readonly #answers: AsyncIterator<string>;
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'python-peer-'));
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

  /** A path for a file that is there until `close`. */
  fileNamed(name: string): string {
    return path.join(this.#folder, name);
  }

  close(): void {
    this.#python.stdin!.end();
    rmSync(this.#folder, { recursive: true });
  }
}
