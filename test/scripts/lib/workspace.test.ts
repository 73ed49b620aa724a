import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { DEFAULT_WORKSPACE, existingWorkspaceUri, workspaceUri } from '../../../scripts/lib/workspace.ts';

test('a folder of this machine is a workspace, whether it is there or not', () => {
  expect(workspaceUri('some folder')).toBe(pathToFileURL(join(process.cwd(), 'some folder')).href);
  expect(workspaceUri(tmpdir())).toBe(pathToFileURL(tmpdir()).href);
});

test.each(['s3://bucket/prefix', 'https://shop.example', 'file:///tmp'])('the address %s is none', (address) => {
  expect(() => workspaceUri(address)).toThrow(`found "${address}"`);
});

test('nor is a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'workspace-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'clicks.csv'), '');
  expect(() => workspaceUri(join(folder, 'clicks.csv'))).toThrow('clicks.csv is a file: name a folder (--workspace)');
});

test('a link that leads to itself is named', () => {
  const folder = mkdtempSync(join(tmpdir(), 'workspace-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  symlinkSync('loop', join(folder, 'loop'));
  expect(() => workspaceUri(join(folder, 'loop'))).toThrow(
    /^Cannot open the workspace .*loop: ELOOP.* Links lead in a circle/,
  );
});

test('one whose artifacts are looked at is there, unless it is the default one, which comes with the first run', () => {
  expect(() => existingWorkspaceUri('no/such/shop')).toThrow(
    `There is no folder ${JSON.stringify(join(process.cwd(), 'no/such/shop'))} (--workspace).`,
  );
  expect(existingWorkspaceUri(tmpdir())).toBe(workspaceUri(tmpdir()));
  expect(existingWorkspaceUri(DEFAULT_WORKSPACE)).toBe(workspaceUri(DEFAULT_WORKSPACE));
});
