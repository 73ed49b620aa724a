import { formatCount } from '../format.ts';

/** `1 view`, `2 views` */
export function counted(n: number, noun: string): string {
  return `${formatCount(n)} ${noun}${n === 1 ? '' : 's'}`;
}
