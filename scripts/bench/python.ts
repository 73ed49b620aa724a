import { spawnSync } from 'node:child_process';

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

export function howToInstall(): string {
  return `python3 -m venv venv && venv/bin/pip install ${Object.values(DISTRIBUTIONS).join(' ')}, then ALIKE_PYTHON=venv/bin/python`;
}
