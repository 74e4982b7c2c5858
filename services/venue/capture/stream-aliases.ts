/** Suffixes under which one kind of stream can be asked for; a recording has it at one speed only. */
const SPEED_FAMILIES: readonly (readonly string[])[] = [
  ['@depth', '@depth@0ms', '@depth@100ms', '@depth@250ms', '@depth@500ms'],
  ['@markPrice', '@markPrice@1s'],
];

/** For each recorded stream, the other names whose subscribers get its events too: other speeds that were not recorded. */
export function streamAliases(recorded: Iterable<string>): ReadonlyMap<string, readonly string[]> {
  const names = new Set(recorded);
  const aliases = new Map<string, string[]>();
  const taken = new Set<string>();
  for (const name of names) {
    const symbol = name.slice(0, name.indexOf('@'));
    const family = SPEED_FAMILIES.find((suffixes) => suffixes.includes(name.slice(symbol.length)));
    if (family === undefined) continue;
    const others = family.map((suffix) => symbol + suffix).filter((other) => !names.has(other) && !taken.has(other));
    for (const other of others) taken.add(other);
    aliases.set(name, others);
  }
  return aliases;
}
