import { randomBytes } from 'node:crypto';

const ID_BYTES = 12;
/** Asking the system for the bytes of one id takes 20 µs, for those of hundreds as long. */
const IDS_AT_ONCE = 256;

let pool = Buffer.alloc(0);
let used = 0;

/** 96 random bits as 16 characters of base64url. */
export function randomId(): string {
  if (used === pool.length) {
    pool = randomBytes(ID_BYTES * IDS_AT_ONCE);
    used = 0;
  }
  const id = pool.toString('base64url', used, used + ID_BYTES);
  used += ID_BYTES;
  return id;
}
