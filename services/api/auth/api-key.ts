import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';

/**
 * The text of a key: `don_live_<8 public id><43 secret><6 checksum>` with `_` between id and secret. The checksum
 * (CRC-32 of all before it, base 36) refuses a mistyped key before anything is looked up.
 */
const API_KEY = /^(don_live_([a-z0-9]{8})_([A-Za-z0-9_-]{43}))([a-z0-9]{6})$/;

const PUBLIC_ID_LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';
const PUBLIC_ID_LENGTH = 8;
const SECRET_BYTES = 32;
const CHECKSUM_LENGTH = 6;

export interface ApiKey {
  /** The whole text, shown once. */
  readonly text: string;
  /** Names the key in lists and in the audit. */
  readonly publicId: string;
  readonly secret: string;
}

export function createApiKey(): ApiKey {
  let publicId = '';
  while (publicId.length < PUBLIC_ID_LENGTH) {
    const byte = randomBytes(1)[0]!;
    // The rest of the byte's range would make some letters likelier.
    if (byte < 7 * PUBLIC_ID_LETTERS.length) publicId += PUBLIC_ID_LETTERS[byte % PUBLIC_ID_LETTERS.length];
  }
  const secret = randomBytes(SECRET_BYTES).toString('base64url');
  const body = `don_live_${publicId}_${secret}`;
  return { text: body + checksum(body), publicId, secret };
}

/** The parts of a key; undefined where the text is none or its checksum is wrong. */
export function parseApiKey(text: string): ApiKey | undefined {
  const match = API_KEY.exec(text);
  if (match === null || checksum(match[1]!) !== match[4]) return undefined;
  return { text, publicId: match[2]!, secret: match[3]! };
}

/**
 * What is stored of a key, hex. A fast keyed hash is right for a secret of 256 random bits.
 * @param pepper secret of the installation, so that a stolen table alone verifies nothing
 */
export function hashSecret(secret: string, pepper: string): string {
  return createHmac('sha256', pepper).update(secret).digest('hex');
}

/** Compares in a time that does not depend on where the texts differ. */
export function equalSecrets(one: string, other: string): boolean {
  const first = Buffer.from(one);
  const second = Buffer.from(other);
  return first.length === second.length && timingSafeEqual(first, second);
}

function checksum(body: string): string {
  return crc32(body).toString(36).padStart(CHECKSUM_LENGTH, '0').slice(-CHECKSUM_LENGTH);
}
