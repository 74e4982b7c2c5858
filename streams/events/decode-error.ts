/** A payload that is not what its channel promises. Names the field, what was expected there and what was found. */
export class DecodeError extends Error {
  readonly channel: string;
  readonly field: string;
  readonly expected: string;
  readonly found: string;

  constructor(channel: string, field: string, expected: string, found: string) {
    super(`${channel}/${field}: expected ${expected}, found ${found}`);
    this.name = 'DecodeError';
    this.channel = channel;
    this.field = field;
    this.expected = expected;
    this.found = found;
  }
}

const EXCERPT_BYTES = 60;

/** The first bytes of a text for an error message. */
export function excerpt(bytes: Uint8Array, start: number, end: number): string {
  const isLong = end - start > EXCERPT_BYTES;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, Math.min(end - start, EXCERPT_BYTES)).toString();
  return isLong ? `${text}… (${end - start} bytes)` : text === '' ? 'nothing' : text;
}

/** A parsed value for an error message: short, however large it is. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null) return `an object of ${Object.keys(value).join(', ').slice(0, 60)}`;
  return JSON.stringify(value).slice(0, 60);
}
