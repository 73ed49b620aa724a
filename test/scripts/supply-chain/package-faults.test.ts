import { describe, expect, it } from 'vitest';
import { type PackageJson, type PackageLock, packageFaults } from '../../../scripts/supply-chain/package-faults.ts';

const PACKAGE: PackageJson = {
  dependencies: { zod: '4.6.7' },
  devDependencies: { '@duckdb/node-api': '1.5.5-r.5' },
  allowScripts: { esbuild: true },
};

const locked = (entry: PackageLock['packages'][string]): PackageLock => ({
  packages: {
    '': {},
    'node_modules/some/node_modules/@scope/part': { version: '1.2.3', license: 'MIT', integrity: 'sha512-x', ...entry },
  },
});

it('finds nothing wrong with pinned packages under allowed licences', () => {
  expect(packageFaults(PACKAGE, locked({}))).toEqual([]);
});

it.each(['^4.6.7', '~4.6.7', '4', 'latest', '*', 'github:colinhacks/zod'])('refuses the range %s', (range) => {
  expect(packageFaults({ ...PACKAGE, devDependencies: { zod: range } }, locked({}))).toEqual([
    `zod is asked for as "${range}". Pin it: npm install --save-exact zod@VERSION`,
  ]);
});

describe('of an installed package', () => {
  it.each([
    ['without a digest', { integrity: undefined }, 'has no digest'],
    ['with a script on installation', { hasInstallScript: true }, 'runs a script when it is installed'],
    [
      'deployed under another licence',
      { license: 'GPL-3.0-only' },
      'is deployed and has the licence GPL-3.0-only; allowed are 0BSD, Apache-2.0',
    ],
    ['deployed without a licence', { license: undefined }, 'is deployed and has the licence (none)'],
    [
      'deployed under a choice of licences',
      { license: '(MIT OR GPL-3.0-or-later)' },
      'is deployed and has the licence (MIT OR GPL-3.0-or-later)',
    ],
    ['deployed and deprecated', { deprecated: 'use other' }, 'is deployed and deprecated: use other.'],
  ])('refuses one %s', (_, entry, fault) => {
    const faults = packageFaults(PACKAGE, locked(entry));
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(`@scope/part 1.2.3 ${fault}`);
  });

  it.each([
    ['developing needs, whatever its licence', { dev: true, license: 'MPL-2.0', deprecated: 'old' }],
    ['comes inside its parent', { integrity: undefined, inBundle: true }],
  ])('takes one that %s', (_, entry) => {
    expect(packageFaults(PACKAGE, locked(entry))).toEqual([]);
  });

  it('takes a script that package.json allows', () => {
    const lock = {
      packages: { 'node_modules/esbuild': { version: '1.0.0', integrity: 'x', dev: true, hasInstallScript: true } },
    };
    expect(packageFaults(PACKAGE, lock)).toEqual([]);
  });
});
