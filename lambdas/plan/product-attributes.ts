import { attributesOf, type ProductAttributes } from '../../engine/attributes/product-attributes.ts';
import { decodeCatalogue } from '../../engine/catalogue/catalogue-file.ts';
import { catalogueKey } from '../../engine/catalogue/catalogue-keys.ts';
import { ArtifactError, messageOf } from '../../engine/errors.ts';
import { readCataloguePointer } from '../shared/catalogue/current-catalogue.ts';
import { type ArtifactStore, missingObject } from '../shared/store/artifact-store.ts';

/** What the live catalogue says of the corpus's products, and a sentence for the report; neither where there is no catalogue. */
export interface FoundAttributes {
  /** Absent, too, where the catalogue says nothing that two products share. */
  attributes?: ProductAttributes;
  /** Of the corpus's products, those that the catalogue lists. */
  listedProducts?: number;
  note?: string;
}

/** A catalogue that cannot be read stops no training: the note says so. */
export async function findAttributes(store: ArtifactStore, productIds: readonly string[]): Promise<FoundAttributes> {
  try {
    const pointer = await readCataloguePointer(store);
    if (pointer === undefined) return {};
    const key = catalogueKey(pointer.version, 'catalogue');
    const object = await store.get(key);
    if (object === undefined) throw missingObject(store, key);
    const attributes = attributesOf(decodeCatalogue(object.bytes, pointer.version), productIds);
    return {
      ...(attributes.fields.length > 0 && { attributes }),
      listedProducts: attributes.listedProducts,
      note: noteOf(attributes, productIds.length),
    };
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    return { note: `Nothing was learned of the catalogue, which cannot be read: ${messageOf(error)}` };
  }
}

function noteOf({ catalogueVersion, listedProducts, fields }: ProductAttributes, productCount: number): string {
  const listed = `Catalogue ${catalogueVersion} lists ${listedProducts} of the ${productCount} products that were viewed`;
  return fields.length === 0
    ? `${listed} and says nothing that two of them share: new products cannot be recommended.`
    : `${listed}; learned of: ${fields.map(({ name }) => name).join(', ')}.`;
}
