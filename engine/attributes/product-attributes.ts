import { decodeContainer, encodeContainer, sectionOf } from '../artifacts/binary-container.ts';
import { decodeStrings, encodeStrings } from '../artifacts/encoded-strings.ts';
import { allBelow, isPartition } from '../artifacts/section-checks.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { ArtifactError } from '../errors.ts';
import { type AttributeField, attributeFieldsOf, selectProducts } from './attribute-fields.ts';

/**
 * What the catalogue said of a run's products when the run began (`attributes.bin`): a catalogue that changes in the middle of a
 * run changes nothing.
 */
export interface ProductAttributes {
  /** Of the catalogue. */
  catalogueVersion: string;
  /** Products of the corpus that it lists. */
  listedProducts: number;
  /** Of the corpus's products, in its numbers. */
  fields: readonly AttributeField[];
}

/** @param productIds of the corpus, in its order. */
export function attributesOf(catalogue: Catalogue, productIds: readonly string[]): ProductAttributes {
  const rows = Int32Array.from(productIds, (id) => catalogue.rowOf.get(id) ?? -1);
  return {
    catalogueVersion: catalogue.version,
    listedProducts: rows.reduce((listed, row) => listed + (row < 0 ? 0 : 1), 0),
    fields: attributeFieldsOf(catalogue).map((field) => selectProducts(field, rows)),
  };
}

const KIND = 'product-attributes';
const VERSION = 1;

export function encodeProductAttributes({ catalogueVersion, listedProducts, fields }: ProductAttributes): Uint8Array {
  const sections = fields.flatMap(({ tokens, offsets, codes }, f) => {
    const texts = encodeStrings(tokens);
    return [
      [`tokens:${f}`, texts.bytes],
      [`tokenOffsets:${f}`, texts.offsets],
      [`offsets:${f}`, offsets],
      [`codes:${f}`, codes],
    ] as const;
  });
  return encodeContainer({
    kind: KIND,
    kindVersion: VERSION,
    meta: { catalogueVersion, listedProducts, fields: fields.map(({ name }) => name) },
    sections: Object.fromEntries(sections),
  });
}

/** @throws ArtifactError when the file is torn, newer than this code, or contradicts itself. */
export function decodeProductAttributes(file: Uint8Array, productCount: number): ProductAttributes {
  const container = decodeContainer(file, KIND, VERSION);
  const names = container.meta['fields'] as string[];
  const fields = names.map((name, f): AttributeField => {
    const section = (part: string) => sectionOf(container, `${part}:${f}`, Uint32Array);
    const field = {
      name,
      tokens: decodeStrings(sectionOf(container, `tokens:${f}`, Uint8Array), section('tokenOffsets')),
      offsets: section('offsets'),
      codes: section('codes'),
    };
    if (!isPartition(field.offsets, productCount, field.codes.length) || !allBelow(field.codes, field.tokens.length)) {
      throw new ArtifactError(
        `The ${KIND} file contradicts itself (its field ${JSON.stringify(name)} does not fit the products): train a new run.`,
      );
    }
    return field;
  });
  return {
    catalogueVersion: container.meta['catalogueVersion'] as string,
    listedProducts: container.meta['listedProducts'] as number,
    fields,
  };
}
