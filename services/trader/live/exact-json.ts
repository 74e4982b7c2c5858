type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;

/** The library's types do not know yet that a reviver is told the source of a number. */
const parse = JSON.parse as (text: string, reviver: Reviver) => unknown;

/**
 * Parses JSON; whole numbers beyond 2^53 become their texts, since ids of orders are 64-bit and would be rounded.
 * @throws SyntaxError
 */
export function parseExact(text: string): unknown {
  return parse(text, (_key, value, { source }) => {
    const isRounded = typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source ?? '');
    return isRounded ? source : value;
  });
}
