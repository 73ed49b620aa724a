import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFaults } from './supply-chain/package-faults.ts';

/** `npm run check:supply-chain`: pinned versions, digests, licences and install scripts of all packages. */
const readJson = (name: string) => JSON.parse(readFileSync(join(import.meta.dirname, '..', name), 'utf8'));

const lock = readJson('package-lock.json');
const faults = packageFaults(readJson('package.json'), lock);
for (const fault of faults) console.error(`error: ${fault}`);
if (faults.length > 0) process.exitCode = 1;
else
  console.log(
    `${Object.keys(lock.packages).length - 1} packages: pinned, with digests, allowed licences and no unasked scripts.`,
  );
