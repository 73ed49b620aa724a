/** The parts of package.json that are read here. */
export interface PackageJson {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  /** Packages whose install scripts npm may run. */
  allowScripts: Record<string, boolean>;
}

/** The parts of package-lock.json that are read here. */
export interface PackageLock {
  /** Folder below the repository (`node_modules/zod`) → what is installed there; the repository itself is ''. */
  packages: Record<string, LockedPackage>;
}

interface LockedPackage {
  version?: string;
  integrity?: string;
  license?: string;
  /** Why the package's authors want it replaced. */
  deprecated?: string;
  hasInstallScript?: boolean;
  /** Only needed to develop. */
  dev?: boolean;
  /** Comes inside its parent's archive, whose digest covers it. */
  inBundle?: boolean;
}

/** SPDX ids that allow use, change and redistribution inside a product under Apache-2.0, without publishing its source. */
const ALLOWED_LICENCES = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Unlicense',
];

/**
 * What is wrong with the packages that the product is made of: each version is pinned, each archive has its digest, what
 * is deployed has an allowed licence and is maintained, and no package runs a script on installation unasked.
 *
 * @returns one sentence a fault, each with its fix.
 */
export function packageFaults(
  { dependencies, devDependencies, allowScripts }: PackageJson,
  lock: PackageLock,
): string[] {
  const faults = Object.entries({ ...dependencies, ...devDependencies })
    .filter(([, range]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(range))
    .map(([name, range]) => `${name} is asked for as "${range}". Pin it: npm install --save-exact ${name}@VERSION`);

  for (const [folder, locked] of Object.entries(lock.packages)) {
    if (folder === '') continue;
    const name = `${folder.split('node_modules/').at(-1)} ${locked.version}`;
    if (locked.integrity === undefined && !locked.inBundle) {
      faults.push(`${name} has no digest in package-lock.json. Remove it from the lock file and run: npm install`);
    }
    if (locked.hasInstallScript && !allowScripts[name.split(' ')[0]]) {
      faults.push(
        `${name} runs a script when it is installed. Read that script, then allow it in package.json, or do without the package.`,
      );
    }
    if (locked.dev) continue;
    if (!ALLOWED_LICENCES.includes(locked.license ?? '')) {
      faults.push(
        `${name} is deployed and has the licence ${locked.license ?? '(none)'}; allowed are ${ALLOWED_LICENCES.join(', ')}. Use another package.`,
      );
    }
    if (locked.deprecated !== undefined) {
      faults.push(`${name} is deployed and deprecated: ${locked.deprecated}. Replace it.`);
    }
  }
  return faults;
}
