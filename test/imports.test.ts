import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path/posix';
import ts from 'typescript';
import { expect, test } from 'vitest';

/** Follows what each file imports, types included, apart from the linter's own rules. */
const ROOTS = ['engine', 'infra', 'lambdas', 'scripts'];
const imports = new Map(sourceFiles().map((file) => [file, importsOf(file)]));

test('reads the whole tree', () => {
  expect(imports.size).toBeGreaterThan(200);
  expect(imports.get('engine/ranking/rank.ts')).toContain('engine/serving-index/serving-index.ts');
});

test('no file imports itself by way of others', () => {
  expect(circlesOf(imports)).toEqual([]);
});

test('no folder of engine/ imports itself by way of others', () => {
  const folderOf = (file: string) => file.split('/').slice(0, 2).join('/');
  const folders = new Map<string, string[]>();
  for (const [file, targets] of imports) {
    if (!file.startsWith('engine/')) continue;
    const folder = folderOf(file);
    const others = targets.map(folderOf).filter((target) => target !== folder);
    folders.set(folder, [...(folders.get(folder) ?? []), ...others]);
  }
  expect(circlesOf(folders)).toEqual([]);
});

test.each<[string, RegExp, RegExp]>([
  ['engine/ imports itself alone', /^engine\//, /^engine\//],
  ['lambdas/shared/ imports no Lambda', /^lambdas\/shared\//, /^(engine\/|lambdas\/shared\/|lambdas\/pipeline\.ts)/],
  ['infra/ imports no script', /^infra\//, /^(engine|infra|lambdas)\//],
])('%s', (_, from, allowed) => {
  expect(edges().filter(([file, target]) => from.test(file) && !allowed.test(target))).toEqual([]);
});

test('no Lambda imports another', () => {
  const lambdaOf = (file: string) => /^lambdas\/([^/]+)\//.exec(file)?.[1];
  const crossing = edges().filter(([file, target]) => {
    const [from, to] = [lambdaOf(file), lambdaOf(target)];
    return from !== undefined && from !== 'shared' && to !== undefined && to !== 'shared' && to !== from;
  });
  expect(crossing).toEqual([]);
});

/** The console runs in a browser: of the rest of the house it may know the types, never the code. */
test('console/ imports types alone from elsewhere', () => {
  const crossing = consoleFiles().flatMap((file) => {
    const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
    return source.statements
      .filter((statement) => ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement))
      .filter((statement) => !isTypeOnly(statement))
      .map(({ moduleSpecifier }) => (moduleSpecifier as ts.StringLiteral | undefined)?.text ?? '')
      .filter((name) => name.startsWith('.') && !join(file, '..', name).startsWith('console/'))
      .map((name) => [file, name]);
  });
  expect(crossing).toEqual([]);
});

test('nothing imports console/', () => {
  expect(edges().filter(([, target]) => target.startsWith('console/'))).toEqual([]);
});

test('finds a circle where there is one', () => {
  const graph = new Map([
    ['a', ['b']],
    ['b', ['c', 'd']],
    ['c', ['a']],
    ['d', []],
  ]);
  expect(circlesOf(graph)).toEqual([['a', 'b', 'c', 'a']]);
});

function sourceFiles(): string[] {
  return ROOTS.flatMap((root) =>
    readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(root, name)),
  );
}

function consoleFiles(): string[] {
  return readdirSync('console', { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join('console', name));
}

function isTypeOnly(statement: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  return ts.isImportDeclaration(statement) ? statement.importClause?.isTypeOnly === true : statement.isTypeOnly;
}

function importsOf(file: string): string[] {
  return ts
    .preProcessFile(readFileSync(file, 'utf8'))
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => name.startsWith('.'))
    .map((name) => join(file, '..', name));
}

function edges(): [string, string][] {
  return [...imports].flatMap(([file, targets]) => targets.map((target): [string, string] => [file, target]));
}

/** Depth first: an edge to a node that is still open closes a circle. One circle for each such edge. */
function circlesOf(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const circles: string[][] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (node: string) => {
    if (path.includes(node)) circles.push([...path.slice(path.indexOf(node)), node]);
    if (done.has(node) || path.includes(node)) return;
    path.push(node);
    for (const next of graph.get(node) ?? []) visit(next);
    path.pop();
    done.add(node);
  };
  for (const node of graph.keys()) visit(node);
  return circles;
}
