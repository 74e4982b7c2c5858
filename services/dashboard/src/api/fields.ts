/** Reads the fields of a JSON object, or says which one is not as it should be. */
export interface Fields {
  /** A text. */
  text(name: string): string;
  textOrNull(name: string): string | null;
  /** A decimal, as the text it came as; a plain number is taken too. */
  decimal(name: string): string;
  decimalOrNull(name: string): string | null;
  /** Any finite number, also one that came as text. */
  number(name: string): number;
  numberOrNull(name: string): number | null;
  flag(name: string): boolean;
  list(name: string): readonly unknown[];
  /** An instant given in µs since the epoch, as ms. */
  timeMs(name: string): number;
  timeMsOrNull(name: string): number | null;
  raw(name: string): unknown;
}

/** `kind` names the object in errors. */
export function fieldsOf(kind: string, value: unknown): Fields {
  if (!isObject(value)) throw refusal(kind, 'a JSON object', value);
  const orNull =
    <T>(read: (name: string) => T) =>
    (name: string): T | null =>
      value[name] === null || value[name] === undefined ? null : read(name);

  const text = (name: string): string => {
    const found = value[name];
    if (typeof found !== 'string') throw refusal(`${kind}/${name}`, 'a text', found);
    return found;
  };
  const number = (name: string): number => {
    const found = value[name];
    const read = typeof found === 'string' && found !== '' ? Number(found) : found;
    if (typeof read !== 'number' || !Number.isFinite(read)) throw refusal(`${kind}/${name}`, 'a number', found);
    return read;
  };
  const decimal = (name: string): string => {
    number(name);
    return String(value[name]);
  };
  const flag = (name: string): boolean => {
    const found = value[name];
    if (typeof found !== 'boolean') throw refusal(`${kind}/${name}`, 'true or false', found);
    return found;
  };
  const list = (name: string): readonly unknown[] => {
    const found = value[name];
    if (!Array.isArray(found)) throw refusal(`${kind}/${name}`, 'a list', found);
    return found;
  };
  const timeMs = (name: string): number => Math.floor(number(name) / 1000);

  return {
    text,
    textOrNull: orNull(text),
    decimal,
    decimalOrNull: orNull(decimal),
    number,
    numberOrNull: orNull(number),
    flag,
    list,
    timeMs,
    timeMsOrNull: orNull(timeMs),
    raw: (name) => value[name],
  };
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refusal(path: string, expected: string, found: unknown): TypeError {
  const shown = (JSON.stringify(found) ?? 'nothing').slice(0, 80);
  return new TypeError(`${path}: expected ${expected}, was ${shown}`);
}
