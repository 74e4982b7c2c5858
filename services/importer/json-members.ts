const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/**
 * Calls `visit` for each member of the object at `start`; positions are [start, end), keys without their quotes.
 *
 * Nested values are passed over by their brackets alone: whatever takes a payload decodes it, which checks them.
 * @returns the position after the object, or −1 where it is none or does not end
 */
export function visitMembers(
  text: string,
  start: number,
  visit: (keyStart: number, keyEnd: number, valueStart: number, valueEnd: number) => void,
): number {
  if (text.charCodeAt(start) !== OPEN_BRACE) return -1;
  let i = skipSpace(text, start + 1);
  if (text.charCodeAt(i) === CLOSE_BRACE) return i + 1;
  for (;;) {
    if (text.charCodeAt(i) !== QUOTE) return -1;
    const keyStart = i + 1;
    const keyEnd = endOfString(text, keyStart);
    if (keyEnd < 0) return -1;
    i = skipSpace(text, keyEnd + 1);
    if (text.charCodeAt(i) !== COLON) return -1;
    const valueStart = skipSpace(text, i + 1);
    const valueEnd = endOfValue(text, valueStart);
    if (valueEnd < 0) return -1;
    visit(keyStart, keyEnd, valueStart, valueEnd);
    i = skipSpace(text, valueEnd);
    const code = text.charCodeAt(i);
    if (code === CLOSE_BRACE) return i + 1;
    if (code !== COMMA) return -1;
    i = skipSpace(text, i + 1);
  }
}

function skipSpace(text: string, i: number): number {
  let code = text.charCodeAt(i);
  while (code === 0x20 || (code >= 0x09 && code <= 0x0d)) code = text.charCodeAt(++i);
  return i;
}

/** Position of the quote that ends the string whose text begins at `i`, or −1. */
function endOfString(text: string, i: number): number {
  for (;;) {
    const quote = text.indexOf('"', i);
    if (quote < 0 || text.charCodeAt(quote - 1) !== BACKSLASH) return quote;
    let slashes = 1;
    while (text.charCodeAt(quote - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return quote;
    i = quote + 1;
  }
}

function endOfValue(text: string, i: number): number {
  const first = text.charCodeAt(i);
  if (first === QUOTE) return endOfString(text, i + 1) + 1 || -1;
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return endOfNested(text, i);
  const start = i;
  for (let code = first; ; code = text.charCodeAt(++i))
    // Past the end of the text the code is NaN.
    if (code === COMMA || code === CLOSE_BRACE || code === CLOSE_BRACKET || !(code > 0x20)) break;
  return i > start && i < text.length ? i : -1;
}

function endOfNested(text: string, i: number): number {
  let depth = 0;
  for (; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) {
      i = endOfString(text, i + 1);
      if (i < 0) return -1;
    } else if (code === OPEN_BRACE || code === OPEN_BRACKET) depth++;
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      if (--depth === 0) return i + 1;
    }
  }
  return -1;
}
