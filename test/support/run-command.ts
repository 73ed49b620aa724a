import { vi } from 'vitest';

/** Runs a command of scripts/commands/ in this process, so that a test can put something in the place of its modules. */
export async function runCommandHere(
  name: string,
  ...argv: string[]
): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const { argv: argvBefore, exitCode: exitCodeBefore } = process;
  const listenersBefore = process.stdout.listeners('error');
  const [stdout, stderr] = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockReturnValue(true),
  );
  process.argv = [argvBefore[0], name, ...argv];
  try {
    vi.resetModules();
    await import(`../../scripts/commands/${name}.ts`);
    const printed = (spy: typeof stdout) => spy.mock.calls.map(([text]) => text).join('');
    return { exitCode: Number(process.exitCode ?? 0), stdout: printed(stdout), stderr: printed(stderr) };
  } finally {
    process.argv = argvBefore;
    process.exitCode = exitCodeBefore;
    stdout.mockRestore();
    stderr.mockRestore();
    for (const listener of process.stdout.listeners('error')) {
      if (!listenersBefore.includes(listener)) process.stdout.off('error', listener as () => void);
    }
  }
}
