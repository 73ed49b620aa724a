import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { median } from './neighbours.ts';

export interface Usage {
  seconds: number;
  /** Of all its threads; undefined where there is no /proc, as on macOS. */
  cpuSeconds?: number;
  /** Most resident memory in MiB; undefined where there is no /proc. */
  peakMb?: number;
}

/** Linux counts a process's CPU time in hundredths of a second for everyone to see. */
const TICKS_PER_SECOND = 100;
const POLL_MS = 20;

/**
 * Runs a program to its end and measures it: elapsed time from start to exit, CPU time and memory as last seen before.
 *
 * @param failureHint what to do when it does not run.
 * @returns `stdout` too: what it wrote there.
 */
export async function measureProcess(
  command: string,
  args: readonly string[],
  failureHint: string,
): Promise<Usage & { stdout: string }> {
  const startedAtMs = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk;
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk;
  });
  let seen: Omit<Usage, 'seconds'> = {};
  const timer = setInterval(() => {
    const usage = child.pid === undefined ? {} : usageOf(child.pid);
    if (usage.peakMb !== undefined) seen = usage;
  }, POLL_MS);
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error(`it ended with ${code}\n${errors}`);
  } catch (cause) {
    throw new Error(`${command} ${args[0]} failed. ${failureHint}\n${(cause as Error).message}`, { cause });
  } finally {
    clearInterval(timer);
  }
  return { seconds: (performance.now() - startedAtMs) / 1000, ...seen, stdout };
}

/** Each figure's own median. NaN where it was not measured. */
export function medianUsage(usages: readonly Usage[]): Required<Usage> {
  const medianOf = (name: keyof Usage) => median(usages.map((usage) => usage[name] ?? Number.NaN));
  return { seconds: medianOf('seconds'), cpuSeconds: medianOf('cpuSeconds'), peakMb: medianOf('peakMb') };
}

/** What `work` takes in this process. */
export async function measureHere<T>(work: () => Promise<T>): Promise<Usage & { result: T }> {
  forgetPeak(process.pid);
  const startedAtMs = performance.now();
  const cpuStarted = process.cpuUsage();
  const result = await work();
  const cpu = process.cpuUsage(cpuStarted);
  return {
    result,
    seconds: (performance.now() - startedAtMs) / 1e3,
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    peakMb: usageOf(process.pid).peakMb,
  };
}

/** A folder that is gone when this process ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'alike-bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** CPU time and peak memory of a running process; nothing where there is no /proc. */
export function usageOf(pid: number): Omit<Usage, 'seconds'> {
  try {
    const peakKb = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    // The fields after the command's name, which may hold anything: utime and stime are the 12th and 13th.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    const cpuSeconds = (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
    return { cpuSeconds, ...(peakKb !== undefined && { peakMb: Number(peakKb) / 1024 }) };
  } catch {
    return {};
  }
}

/** Lets a process's peak memory start again from what it holds now, for measuring one step of many. */
export function forgetPeak(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
  } catch {
    // Without /proc there is no peak to forget.
  }
}
