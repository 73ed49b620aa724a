import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { measureProcess, usageOf } from '../../../scripts/bench/measured-process.ts';

const hasProc = existsSync('/proc/self/status');
const PROC_MISSING = 'this machine has no /proc, from which CPU time and peak memory are read';

const node = (code: string) => measureProcess(process.execPath, ['-e', code], 'Look into it.');

it('measures from start to exit', async () => {
  const { seconds } = await node('setTimeout(() => {}, 300)');
  expect(seconds).toBeGreaterThan(0.3);
});

it('sees the memory that the process held and the time that it computed', async ({ skip }) => {
  skip(!hasProc, PROC_MISSING);
  const folder = await mkdtemp(join(tmpdir(), 'measured-process-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const [computed, seen] = [join(folder, 'computed'), join(folder, 'seen')];
  const measured = node(`
    const { existsSync, writeFileSync } = require('node:fs');
    const held = Buffer.alloc(300 * 2 ** 20, 1);
    const spent = () => { const { user, system } = process.cpuUsage(); return user + system; };
    const from = spent();
    while (spent() - from < 500_000) for (let i = 0; i < 1e6; i++);
    writeFileSync(${JSON.stringify(computed)}, '');
    setInterval(() => existsSync(${JSON.stringify(seen)}) && process.exit(held.length === 0 ? 1 : 0), 20);`);
  await expect.poll(() => existsSync(computed), { timeout: 20_000 }).toBe(true);
  // The process is looked at every 20 ms, by a timer of this event loop: it comes before this one, however late both are.
  await sleep(100);
  await writeFile(seen, '');
  const { cpuSeconds, peakMb } = await measured;
  expect(peakMb).toBeGreaterThan(300);
  expect(peakMb).toBeLessThan(600);
  expect(cpuSeconds).toBeGreaterThanOrEqual(0.5);
});

it('hands over what the program wrote to stdout', async () => {
  expect((await node('console.log(6 * 7)')).stdout).toBe('42\n');
});

it('says what failed, what it printed and what to do', async () => {
  const failing = node('console.error("no corpus"); process.exit(3)');
  await expect(failing).rejects.toThrow(/failed\. Look into it\.\nit ended with 3\nno corpus/);
  await expect(measureProcess('./no-such-program', ['-x'], 'Compile it.')).rejects.toThrow(/Compile it\.\n.*ENOENT/);
});

it('forgets an earlier peak', ({ skip }) => {
  skip(!hasProc, PROC_MISSING);
  const code = `import { forgetPeak, usageOf } from '${import.meta.resolve('../../../scripts/bench/measured-process.ts')}';
    let held = Buffer.alloc(200 * 2 ** 20, 1);
    const before = usageOf(process.pid).peakMb;
    held = undefined;
    gc();
    forgetPeak(process.pid);
    console.log(before - usageOf(process.pid).peakMb);`;
  const printed = execFileSync(process.execPath, ['--expose-gc', '--input-type=module', '-e', code], {
    encoding: 'utf8',
  });
  expect(Number(printed)).toBeGreaterThan(150);
});

it('knows nothing of a process that is not there', () => {
  expect(usageOf(2 ** 30)).toEqual({});
});
