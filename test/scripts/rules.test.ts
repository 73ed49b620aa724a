import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rulesKey } from '../../engine/rules/published-rules.ts';
import { openArtifactStore } from '../../lambdas/shared/store/open-artifact-store.ts';
import { workspaceUri } from '../../scripts/lib/workspace.ts';
import { publishCatalogue, SAMPLE_FEED } from '../support/published-catalogue.ts';
import { publish } from '../support/published-model.ts';
import { runScript } from '../support/run-script.ts';

let folder: string;
const rules = (...argv: string[]) => runScript('rules.ts', ...argv, '--workspace', folder);
const common = { author: 'Ana', note: 'test' };
const FILE = {
  placements: { home: { count: 3, strategy: 'embedding' } },
  rules: [
    { ...common, id: 'no-acme', type: 'exclude', products: 'brand:Acme' },
    { ...common, id: 'seeds-first', type: 'pin', product: 'P6', position: 1, placements: ['home'] },
  ],
};

async function write(name: string, file: object): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, JSON.stringify(file));
  return path;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alike-rules-'));
  const store = await openArtifactStore(workspaceUri(folder));
  await publish(store, 'run-1');
  await publishCatalogue(store, SAMPLE_FEED);
});
afterAll(() => rm(folder, { recursive: true }));

test('check tells what is doubtful, and fails for an error alone', async () => {
  const sound = await rules('check', await write('sound.json', FILE));
  expect(sound).toMatchObject({ exitCode: 0, stderr: '' });
  expect(sound.stdout).toMatch(/sound\.json: 1 placement, 2 rules\. Nothing is wrong\.\n$/);
  const doubtful = { rules: [{ ...FILE.rules[0], products: 'brand:Akme' }] };
  const warned = await rules('check', await write('doubtful.json', doubtful), '--json');
  expect(warned.exitCode).toBe(0);
  expect(JSON.parse(warned.stdout).findings).toEqual([
    { level: 'warning', where: 'rule "no-acme"', message: 'No product\'s brand is "Akme". Did you mean "Acme"?' },
  ]);
  const broken = await write('broken.json', { rules: [{ ...FILE.rules[0], products: 'size:42' }] });
  const checked = await rules('check', broken);
  expect(checked.exitCode).toBe(1);
  expect(checked.stdout).toMatch(
    /broken\.json: 0 placements, 1 rule\.\nerror: rule "no-acme": The catalogue has no field/,
  );
  const refused = await rules('publish', broken, '--author', 'Ana', '--note', 'x');
  expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
  expect(refused.stderr).toContain('has an error:\n  rule "no-acme": The catalogue has no field "size"');
});

test('preview shows both lists, what touched an item, and why another is gone', async () => {
  const { stdout } = await rules('preview', await write('sound.json', FILE), 'P0', '--placement', 'home', '--json');
  const preview = JSON.parse(stdout);
  expect(preview).toMatchObject({
    isLive: false,
    gone: [{ productId: 'P1', title: 'Blue shirt, S', because: 'exclude "no-acme"' }],
  });
  expect(preview.live).toHaveLength(3);
  expect(preview.draft[0]).toEqual({
    productId: 'P6',
    title: 'Seeds',
    source: 'pinned',
    touches: ['pin "seeds-first"'],
  });
  const table = await rules('preview', join(folder, 'sound.json'), 'P0', '--placement', 'home');
  expect(table.stdout).toContain('Gone: P1 Blue shirt, S: exclude "no-acme"');
  const misspelt = await rules('preview', join(folder, 'sound.json'), 'P0', '--placement', 'hom');
  expect(misspelt.stderr).toContain('Did you mean "home"?');
});

test('check and preview say why a pin is not shown: P4 is sold out, P1 and P2 are variants', async () => {
  const pin = (product: string, position: number) => ({
    ...common,
    id: product.toLowerCase(),
    type: 'pin',
    product,
    position,
  });
  const path = await write('pins.json', {
    rules: [pin('P4', 1), pin('P1', 2), pin('P2', 3), pin('P6', 9), pin('P0', 4)],
  });
  const where = 'answers that name no placement';
  expect((await rules('check', path)).stdout).toContain(
    `warning: rule "p4": It pins "P4", which is sold out as the catalogue stands: it is not shown in ${where}.
warning: rule "p2": Rule "p1" pins a variant of the same product in ${where}: one of them is shown.
`,
  );
  const { stdout } = await rules('preview', path, 'P0');
  expect(stdout.split('\n').filter((line) => line.startsWith('Not pinned'))).toEqual([
    'Not pinned: P4 Spade (pin "p4"): it is sold out',
    'Not pinned: P2 Blue shirt, M (pin "p2"): its variant P1 is pinned, too',
    'Not pinned: P6 Seeds (pin "p6"): position 9 is beyond the list',
    'Not pinned: P0 Red shirt (pin "p0"): it is the product that is looked at',
  ]);
});

test('publish, list, show, publish again, roll back', async () => {
  const first = await rules('publish', await write('sound.json', FILE), '--author', 'Ana', '--note', 'first');
  expect(first).toMatchObject({ exitCode: 0, stderr: '' });
  expect(first.stdout).toContain('The effect was not measured: There is no runs/run-1/corpus/corpus.bin');
  const shown = await rules('show');
  expect(JSON.parse(shown.stdout)).toMatchObject({
    ...FILE,
    publication: { author: 'Ana', note: 'first', effect: null },
  });
  // What is shown can be changed and published again.
  const changed = await write('changed.json', { ...JSON.parse(shown.stdout), placements: {}, rules: [FILE.rules[0]] });
  const second = await rules('publish', changed, '--author', 'Bo', '--note', 'second', '--skip-effect');
  expect(first.stdout).toContain('To go without rules again, publish a file that has none: {}');
  expect(second.stdout).toContain('it was published with --skip-effect');
  expect(second.stdout).toContain(`To undo this: npm run rules -- rollback --workspace ${folder}`);
  expect(second.stderr).toContain('warning: placements home are live and not in the file');
  const statuses = async () => {
    const listed = JSON.parse((await rules('list', '--json')).stdout);
    return listed.map(({ note, status }: { note: string; status: string }) => `${note} ${status}`);
  };
  expect(await statuses()).toEqual(['second live', 'first previous']);
  expect(await rules('rollback')).toMatchObject({ exitCode: 0 });
  expect(await statuses()).toEqual(['second previous', 'first live']);
});

test('a file that cannot be read is told, and a wrong call leads to the help that lists its options', async () => {
  const none = join(folder, 'none.json');
  expect((await rules('check', none)).stderr).toBe(
    `error: There is no file "${none}". docs/merchandising.md shows how rules are written.\n`,
  );
  expect((await rules('check', folder)).stderr).toContain(`error: The rules "${folder}" cannot be read: EISDIR`);
  const { exitCode, stderr } = await rules('publish', join(folder, 'sound.json'));
  expect(exitCode).toBe(2);
  expect(stderr).toContain("option '--author <name>' not specified\nSee: npm run rules -- publish --help\n");
});

test('a file may begin with a byte order mark', async () => {
  const path = join(folder, 'marked.json');
  await writeFile(path, `\ufeff${JSON.stringify(FILE)}`);
  expect(await rules('check', path)).toMatchObject({ exitCode: 0, stderr: '' });
});

test('show refuses a version that is torn, and says where to look for one that is not there', async () => {
  const store = await openArtifactStore(workspaceUri(folder));
  await store.put(rulesKey('torn'), Buffer.from('{"rules": ['));
  const torn = await rules('show', 'torn');
  expect(torn).toMatchObject({ exitCode: 1, stdout: '' });
  expect(torn.stderr).toContain('rules/torn.json in');
  const { stderr } = await rules('show', 'nope');
  expect(stderr).toMatch(/There is no rules\/nope\.json in .+: npm run rules -- list --workspace .+ shows what was/);
});
