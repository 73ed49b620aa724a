import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { decodeJsonArtifact } from '../../../engine/artifacts/json-artifact.ts';
import { PRESETS, storedRequestSchema, storedSettingsSchema } from '../../../engine/artifacts/training-request.ts';

const decode = <T>(text: string | Uint8Array, schema: z.ZodType<T>) =>
  decodeJsonArtifact(Buffer.from(text), 'runs/r1/plan.json in file:///shop', schema);

describe('a message', () => {
  it('says which bytes are no JSON', () => {
    expect(() => decode('{"a": 1', z.object({}))).toThrow(
      /^runs\/r1\/plan\.json in file:\/\/\/shop cannot be read: its 7 bytes are not JSON \(.+\)\. It was cut/,
    );
  });

  it('says where a value is wrong, and names three faults at most', () => {
    const schema = z.object({ list: z.array(z.object({ n: z.number() })) });
    const list = ['x', 'x', 'x', 'x', 'x'].map((n) => ({ n }));
    expect(() => decode(JSON.stringify({ list }), schema)).toThrow(
      /list\[0\]\.n: .+; list\[1\]\.n: .+; list\[2\]\.n: .+; and 2 more faults\. It was/,
    );
  });

  it('refuses bytes that are not UTF-8 rather than reading others', () => {
    expect(() => decode(Uint8Array.of(0x22, 0xff, 0x22), z.string())).toThrow('its 3 bytes are not JSON');
  });
});

describe('text', () => {
  it('keeps its bytes, a byte order mark inside of a string too', () => {
    const ids = ['\ufeffA', 'B\ufeff', '\u0000', '👟'];
    expect(decode(JSON.stringify(ids), z.array(z.string()))).toEqual(ids);
  });

  it('may come from an editor that writes a byte order mark before the file', () => {
    expect(decode('\ufeff{"a": 1}', z.object({ a: z.number() }))).toEqual({ a: 1 });
  });
});

describe('stored settings', () => {
  it('that are older than a setting have the value of the seed for it', () => {
    const { ns_exponent: _, ...older } = PRESETS.tuned;
    expect(storedSettingsSchema.parse(older)).toEqual({ ...PRESETS.tuned, ns_exponent: PRESETS.layer.ns_exponent });
  });

  it('of a wrong type are refused', () => {
    expect(storedSettingsSchema.safeParse({ ...PRESETS.tuned, epochs: '10' }).success).toBe(false);
  });
});

it('a stored request keeps what it was and takes what a later release adds', () => {
  const request = {
    source: 'raw/',
    columns: { session: 's', product: 'p', order: 'o', later: 'x' },
    encoding: 'utf-8',
    preset: 'tuned',
    settings: { k: 4, later: true },
    force: false,
    later: 1,
  };
  expect(storedRequestSchema.parse(request)).toEqual({
    source: 'raw/',
    columns: { session: 's', product: 'p', order: 'o' },
    encoding: 'utf-8',
    preset: 'tuned',
    settings: { k: 4 },
    force: false,
  });
});
