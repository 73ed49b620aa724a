import type { Field } from './catalogue.ts';
import type { FilterFault } from './filter-error.ts';

/** The fields that a catalogue has, as far as a filter must know them before it is asked. */
export type FieldTypes = ReadonlyMap<string, Pick<Field, 'type'>>;

/** What a filter does with a field: compares it with values or bounds, or takes the query product's own of it. */
export type FieldUse = 'values' | 'bounds' | 'own value' | 'own number';

/** @returns what is wrong with it; undefined when nothing is. */
export function faultOfUse(fields: FieldTypes, name: string, use: FieldUse): Omit<FilterFault, 'place'> | undefined {
  const field = fields.get(name);
  if (field === undefined) {
    const known = [...fields.keys()];
    return {
      found: `${JSON.stringify(name)}, a field that the catalogue does not have`,
      allowed: `one of ${known.join(', ')}`,
      unknownField: { name, known },
    };
  }
  const needsNumber = use === 'bounds' || use === 'own number';
  if (use === 'own value' || field.type === 'number' || (field.type === 'facet' && !needsNumber)) return undefined;
  if (field.type === 'text') {
    const compared = [...fields].filter(([, { type }]) => type !== 'text').map(([other]) => other);
    return {
      found: `${JSON.stringify(name)}, a field that is only shown`,
      allowed: `one that is compared: ${compared.join(', ')}`,
    };
  }
  return {
    found: `${JSON.stringify(name)}, a field of names, compared as a number`,
    allowed: `a value, as in ${name}:VALUE, or a field of numbers`,
  };
}

/** Whether a value can be that of a field of numbers. */
export function isNumberText(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text));
}
