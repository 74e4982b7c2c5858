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
