import * as z from 'zod';
import { rulesFileSchema } from './rules-file.ts';

/** JSON Schema of a file of rules, with which an editor completes and checks it. What filters say is for `check`. */
export function rulesJsonSchema(): object {
  return { title: 'Placements and rules of Alike', ...z.toJSONSchema(rulesFileSchema, { io: 'input' }) };
}
