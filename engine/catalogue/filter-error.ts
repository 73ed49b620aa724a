import { InputError } from '../errors.ts';

/** What is wrong in a filter, and where. */
export interface FilterFault {
  /** In words: "at character 7", or the path in the tree. */
  place: string;
  found: string;
  allowed: string;
  /** Of a field that the catalogue does not have. */
  unknownField?: { name: string; known: readonly string[] };
}

/** A filter cannot be read, or asks of the catalogue what it does not have. */
export class FilterError extends InputError {
  readonly fault: FilterFault;

  constructor(fault: FilterFault) {
    super(`The filter is not valid ${fault.place}: found ${fault.found}; allowed is ${fault.allowed}.`);
    this.fault = fault;
  }
}
