import * as z from 'zod';
import {
  type Container,
  finiteSectionOf,
  hasSection,
  inconsistent,
  type Section,
  sectionOf,
} from '../artifacts/binary-container.ts';
import { decodeStrings, encodeStrings } from '../artifacts/encoded-strings.ts';
import type { AttributeVectors } from './attribute-vectors.ts';

/** By feature name: `vector`, `views`, and fields of the catalogue. A feature that has none counts for nothing. */
const attributeWeightsSchema = z.record(z.string(), z.number());
export type AttributeWeights = Readonly<z.infer<typeof attributeWeightsSchema>>;

/** The weights of the two questions that attributes answer. */
export const questionWeightsSchema = z.object({
  /** Which new product suits a session? */
  amongNew: attributeWeightsSchema,
  /** Which known product suits a new one? */
  forNew: attributeWeightsSchema,
});
export type QuestionWeights = z.infer<typeof questionWeightsSchema>;

/** What a serving index knows about products that nobody has viewed yet. */
export interface AttributeModel {
  readonly learned: AttributeVectors;
  readonly weights: QuestionWeights;
}

/** Optional sections of the serving index: all of them or none. */
export function attributeSections(model: AttributeModel | undefined): Record<string, Section> {
  if (model === undefined) return {};
  const tokens = encodeStrings(model.learned.tokens);
  return {
    attributeTokens: tokens.bytes,
    attributeTokenOffsets: tokens.offsets,
    attributeVectors: model.learned.vectors,
    attributeContextVectors: model.learned.contextVectors,
    attributeLogViews: model.learned.logViews,
  };
}

/** @returns undefined where the run had no catalogue. @throws ArtifactError when the sections contradict each other. */
export function readAttributeModel(container: Container, dimensions: number): AttributeModel | undefined {
  if (!hasSection(container, 'attributeTokens')) return undefined;
  const weights = questionWeightsSchema.safeParse(container.meta['attributeWeights']);
  const learned: AttributeVectors = {
    dimensions,
    tokens: decodeStrings(
      sectionOf(container, 'attributeTokens', Uint8Array),
      sectionOf(container, 'attributeTokenOffsets', Uint32Array),
    ),
    vectors: finiteSectionOf(container, 'attributeVectors', Float32Array),
    contextVectors: finiteSectionOf(container, 'attributeContextVectors', Float32Array),
    logViews: finiteSectionOf(container, 'attributeLogViews', Float32Array),
  };
  const { tokens, vectors, contextVectors, logViews } = learned;
  const expected = tokens.length * dimensions;
  const fits = vectors.length === expected && contextVectors.length === expected && logViews.length === tokens.length;
  if (!fits || tokens[0] !== '' || !weights.success) {
    throw inconsistent(container, 'its attributes do not fit together');
  }
  return { learned, weights: weights.data };
}
