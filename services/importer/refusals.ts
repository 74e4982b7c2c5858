import type { Fault } from './line-sink.ts';

/** A line, or an event of it, that was not taken. */
export interface RefusedLine {
  readonly line: number;
  readonly channel: string | null;
  readonly field: string;
  readonly expected: string;
  readonly found: string;
}

/** All refused lines with the same fault. */
export interface RefusedKind {
  readonly channel: string | null;
  readonly field: string;
  readonly expected: string;
  readonly count: number;
}

/** What was refused: every one counted, the first of each kind named. */
export interface Refusals {
  readonly total: number;
  readonly kinds: readonly RefusedKind[];
  readonly lines: readonly RefusedLine[];
}

/** Named examples of each kind. */
const EXAMPLES_MAX = 20;
/** Kinds told apart; a file with more kinds of faults is no recording. */
const KINDS_MAX = 200;

export function createRefusals(): { add(line: number, fault: Fault): void; result(): Refusals } {
  const kinds = new Map<string, { channel: string | null; field: string; expected: string; count: number }>();
  const lines: RefusedLine[] = [];
  let total = 0;
  return {
    add(line, { channel = null, field, expected, found }) {
      total++;
      // Expectations that name a value (a time, an id) are one kind: only their words tell kinds apart.
      const key = `${channel} ${field} ${expected.replace(/[\d:.TZ-]+/g, '#')}`;
      let kind = kinds.get(key);
      if (kind === undefined) {
        if (kinds.size >= KINDS_MAX) return;
        kind = { channel, field, expected, count: 0 };
        kinds.set(key, kind);
      }
      kind.count++;
      if (kind.count <= EXAMPLES_MAX) lines.push({ line, channel, field, expected, found });
    },
    result: () => ({
      total,
      kinds: [...kinds.values()],
      lines: [...lines].sort((one, other) => one.line - other.line),
    }),
  };
}
