import { type FacetField, type Field, type NumberField, type TextField, valuesAt } from './catalogue.ts';
import { textOf } from './field-builders.ts';

/**
 * The rows of one field followed by those of another, whose type the whole gets: a release before may have read the first
 * as something else.
 *
 * @param first undefined: `firstRows` rows without a value. @param second a facet where what it is gets guessed afterwards.
 */
export function concatFields(first: Field | undefined, firstRows: number, second: Field): Field {
  if (first === undefined) return concatFields(emptyLike(second, firstRows), firstRows, second);
  if (first.type === 'number' && second.type === 'number') return concatNumbers(first, second);
  if (second.type === 'text') return concatTexts(first.type === 'text' ? first : textOf(first), second);
  return concatFacets(facetOf(first), facetOf(second));
}

function emptyLike(field: Field, rows: number): Field {
  if (field.type === 'number') return { type: 'number', values: new Float64Array(rows).fill(Number.NaN) };
  const offsets = new Uint32Array(rows + 1);
  return field.type === 'text'
    ? { type: 'text', offsets, bytes: new Uint8Array(0) }
    : { ...field, values: [], offsets, codes: new Uint32Array(0) };
}

function concatNumbers(first: NumberField, second: NumberField): NumberField {
  const values = new Float64Array(first.values.length + second.values.length);
  values.set(first.values);
  values.set(second.values, first.values.length);
  return { type: 'number', values };
}

function concatTexts(first: TextField, second: TextField): TextField {
  const bytes = new Uint8Array(first.bytes.length + second.bytes.length);
  bytes.set(first.bytes);
  bytes.set(second.bytes, first.bytes.length);
  return { type: 'text', bytes, offsets: concatOffsets(first.offsets, second.offsets) };
}

function concatFacets(first: FacetField, second: FacetField): FacetField {
  const codeOf = new Map(first.values.map((value, code) => [value, code]));
  const newCodes = second.values.map((value) => {
    const code = codeOf.get(value) ?? codeOf.size;
    codeOf.set(value, code);
    return code;
  });
  const codes = new Uint32Array(first.codes.length + second.codes.length);
  codes.set(first.codes);
  second.codes.forEach((code, i) => {
    codes[first.codes.length + i] = newCodes[code];
  });
  const offsets = concatOffsets(first.offsets, second.offsets);
  return { type: 'facet', isPath: second.isPath, values: [...codeOf.keys()], codes, offsets };
}

function concatOffsets(first: Uint32Array, second: Uint32Array): Uint32Array {
  const offsets = new Uint32Array(first.length + second.length - 1);
  offsets.set(first);
  const start = first[first.length - 1];
  for (let row = 1; row < second.length; row++) offsets[first.length - 1 + row] = start + second[row];
  return offsets;
}

function facetOf(field: Field): FacetField {
  if (field.type === 'facet') return field;
  const rows = field.type === 'number' ? field.values.length : field.offsets.length - 1;
  const codeOf = new Map<string, number>();
  const offsets = new Uint32Array(rows + 1);
  const codes: number[] = [];
  for (let row = 0; row < rows; row++) {
    for (const value of valuesAt(field, row)) {
      const text = String(value);
      const code = codeOf.get(text) ?? codeOf.size;
      codeOf.set(text, code);
      codes.push(code);
    }
    offsets[row + 1] = codes.length;
  }
  return { type: 'facet', isPath: false, values: [...codeOf.keys()], offsets, codes: Uint32Array.from(codes) };
}
