import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { FORMATS } from '../../../engine/artifacts/click-formats.ts';
import { ConfigurationError } from '../../../engine/errors.ts';
import { collectSetting, trainingRequestOf, typedRequestOf } from '../../../scripts/lib/training-options.ts';

// Tests may run as root, who may enter any folder and read any file.
vi.mock('node:fs', async (importOriginal) => {
  const original = await importOriginal<typeof import('node:fs')>();
  const denying = (name: 'statSync' | 'accessSync', part: string) => (path: string, option: never) => {
    if (!path.includes(part)) return original[name](path, option);
    throw Object.assign(new Error(`EACCES: permission denied, ${name} '${path}'`), { code: 'EACCES' });
  };
  return { ...original, statSync: denying('statSync', 'locked/'), accessSync: denying('accessSync', 'secret') };
});

let folder: string;
let data: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'training-options-test-'));
  data = join(folder, 'Größe 50% #1.csv');
  await writeFile(data, '');
});
afterAll(() => rm(folder, { recursive: true }));

const base = () => ({ data, preset: 'tuned', set: {} });

describe('trainingRequestOf', () => {
  it('makes a URI of a path and leaves a URI as it is', () => {
    expect(trainingRequestOf({ ...base(), format: 'eshop' }).source).toBe(pathToFileURL(data).href);
    const remote = { ...base(), format: 'eshop', data: 's3://bucket/raw/' } as const;
    expect(trainingRequestOf(remote).source).toBe('s3://bucket/raw/');
  });

  it.each(['/', '/*.csv', '/**/*.csv'])('does not search the whole disk: %s', (path) => {
    expect(() => trainingRequestOf({ ...base(), data: path })).toThrow('is the whole disk: name a file or a folder');
  });

  it('tells what may not be read from what is not there', async () => {
    await writeFile(join(folder, 'secret.csv'), '');
    for (const [name, call] of [
      ['locked/clicks.csv', 'statSync'],
      ['locked/*.csv', 'statSync'],
      ['secret.csv', 'accessSync'],
    ]) {
      const path = join(folder, name);
      expect(() => trainingRequestOf({ ...base(), data: path })).toThrow(
        new ConfigurationError(
          `Cannot read ${path} (--data): EACCES: permission denied, ${call} '${path}'. Let this user read it, or name another place.`,
        ),
      );
    }
  });

  it('does not read a pipe or a device, which is empty the second time', () => {
    const pipe = join(folder, 'pipe.csv');
    execFileSync('mkfifo', [pipe]);
    for (const path of [pipe, '/dev/null', '/dev/fd/63']) {
      expect(() => trainingRequestOf({ ...base(), data: path })).toThrow(
        `"${path}" (--data) is a pipe or a device, and the data is read more than once: write it to a file first`,
      );
    }
  });

  it.each(['http://shop.example/clicks.csv', 'HTTPS://shop.example/', 'ftp://shop.example/a.gz', 'gs://bucket/a'])(
    'does not download %s',
    (uri) => {
      expect(() => trainingRequestOf({ ...base(), data: uri })).toThrow(
        `"${uri}" (--data) cannot be read: download the file first, and name that. Allowed are a path, s3://`,
      );
    },
  );

  it('takes the columns of a format, and single ones in their place', () => {
    expect(trainingRequestOf({ ...base(), format: 'eshop', product: 'sku' }).columns).toEqual({
      ...FORMATS.eshop,
      product: 'sku',
    });
    const named = { ...base(), session: 's', product: 'p', time: ['d', 't'] };
    expect(trainingRequestOf(named).columns).toEqual({ session: 's', product: 'p', time: ['d', 't'] });
  });

  it.each(['1=1,1=2', 'view=much'])('refuses the events %s', (events) => {
    expect(() => trainingRequestOf({ ...base(), format: 'rees46', events })).toThrow(
      `--events takes view_item=1,add_to_cart=3, each event once; found "${events}".`,
    );
  });

  it('takes every other option over', () => {
    const request = trainingRequestOf({
      ...base(),
      format: 'eshop',
      delimiter: '\\t',
      encoding: 'latin-1',
      preset: 'layer',
      set: { epochs: 3 },
    });
    expect(request).toMatchObject({ delimiter: '\t', encoding: 'latin-1', preset: 'layer', settings: { epochs: 3 } });
  });

  it('leaves the columns that are missing to the header', () => {
    const named = { ...base(), session: 'Customer ID' };
    expect(trainingRequestOf(named)).toMatchObject({ columns: { session: 'Customer ID' } });
    expect(trainingRequestOf(named).format).toBeUndefined();
  });

  it('names what no header mends, and a file that is not there', () => {
    expect(() => trainingRequestOf({ ...base(), user: 'u' })).toThrow('needs a gap');
    const nowhere = { ...base(), format: 'eshop', data: join(folder, 'nowhere.csv') } as const;
    expect(() => trainingRequestOf(nowhere)).toThrow(/no file or folder .*nowhere\.csv/);
  });
});

describe('typedRequestOf', () => {
  it('says nothing that nobody typed', () => {
    expect(typedRequestOf({ set: {} })).toEqual({});
    expect(typedRequestOf({ set: { k: 12 }, product: 'sku', force: true })).toEqual({
      columns: { product: 'sku' },
      settings: { k: 12 },
      force: true,
    });
  });

  it('is for a deployment, which has data of its own: a run here needs --data', () => {
    expect(() => trainingRequestOf({ set: {}, format: 'eshop' })).toThrow('--data FILE');
  });
});

describe('collectSetting', () => {
  it('reads numbers, truth values and text, and keeps what came before', () => {
    const settings = ['epochs=3', 'alpha=1e-2', 'shrink_windows=false', 'note=a=b', 'empty=', 'epochs=4'].reduce(
      (found, text) => collectSetting(text, found),
      {},
    );
    expect(settings).toEqual({ epochs: 4, alpha: 0.01, shrink_windows: false, note: 'a=b', empty: '' });
  });

  it.each(['epochs', '=3', ''])('refuses %j', (text) => {
    expect(() => collectSetting(text, {})).toThrow(
      `--set takes key=value, for example --set vector_size=32; found "${text}".`,
    );
  });
});
