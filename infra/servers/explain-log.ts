import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const BYTES_MAX = 20_000;
const LINES_SHOWN = 8;

/** What was written to a log since that byte, at most its last 20 kB. */
export function lastLines(path: string, fromByte: number): string {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const start = Math.max(fromByte, size - BYTES_MAX);
    const bytes = Buffer.alloc(Math.max(0, size - start));
    readSync(file, bytes, 0, bytes.length, start);
    return bytes.toString('utf8');
  } finally {
    closeSync(file);
  }
}

const CAUSES: ReadonlyArray<readonly [RegExp, string]> = [
  [/no space left|disk is full|could not write.*ENOSPC/i, 'the disk is full: free some space'],
  [
    /permission denied|EACCES|operation not permitted/i,
    'a permission is missing: see which file it names and give this user access',
  ],
  [
    /out of memory|cannot allocate memory|could not reserve enough space/i,
    'there is too little free memory: close something',
  ],
  [
    /bad file format|AOF.*(corrupt|truncated)/i,
    'its append-only file is damaged in the middle: `redis-check-aof --fix` can cut it back',
  ],
  [
    /incompatible with (this )?(server|version)/i,
    'its data was written by another version: install that version again',
  ],
];

/** The sentence for a server that did not come up: the cause where its log shows a known one, and the log's last lines. */
export function explainLog(label: string, path: string, logged: string): string {
  const cause =
    CAUSES.find(([pattern]) => pattern.test(logged))?.[1] ??
    (/error|fatal|exception|panic/i.test(logged)
      ? 'its log says why'
      : 'it ended without a word, as when something else ends it');
  const shown = logged
    .trim()
    .split('\n')
    .slice(-LINES_SHOWN)
    .map((line) => `    ${line}`)
    .join('\n');
  return `${label} did not start: ${cause}. Mend that and start again. The end of ${path}:\n${shown}`;
}
