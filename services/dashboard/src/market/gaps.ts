import { fieldsOf } from '../api/fields.ts';

/** Missing events of one channel. */
export interface Gap {
  /** Identity: what a later row about the same gap carries too. */
  readonly key: string;
  readonly channel: string;
  readonly reason: string;
  /** Source sequences, null where the channel has none. */
  readonly expected: string | null;
  readonly found: string | null;
  readonly fromMs: number;
  /** Null while it is open. */
  readonly toMs: number | null;
  /** `open`, `snapshot` or `next-event`. */
  readonly closedBy: string;
}

/** @throws TypeError naming the field that is not as expected */
export function readGap(value: unknown): Gap {
  const fields = fieldsOf('gap', value);
  const channel = fields.text('channel');
  const fromMs = fields.timeMs('from_time');
  const closedBy = fields.textOrNull('closed_by') ?? 'open';
  return {
    key: `${channel} ${fields.number('ts')} ${fields.textOrNull('entry_id') ?? fromMs}`,
    channel,
    reason: fields.text('reason'),
    expected: fields.textOrNull('expected'),
    found: fields.textOrNull('found'),
    fromMs,
    toMs: closedBy === 'open' ? null : fields.timeMsOrNull('to_time'),
    closedBy,
  };
}

const GAPS_MAX = 500;

/** Newest first; a gap that is told of again is replaced, since the later row knows how it was closed. */
export function withGaps(list: readonly Gap[], more: readonly Gap[]): readonly Gap[] {
  const byKey = new Map(list.map((gap) => [gap.key, gap]));
  for (const gap of more) {
    const before = byKey.get(gap.key);
    if (before === undefined || before.toMs === null) byKey.set(gap.key, gap);
  }
  return [...byKey.values()].sort((a, b) => b.fromMs - a.fromMs).slice(0, GAPS_MAX);
}

/** The sentence for a gap, for tooltips and announcements. */
export function describeGap(gap: Gap): string {
  const missing =
    gap.expected === null && gap.found === null ? '' : `, expected ${gap.expected ?? '–'}, found ${gap.found ?? '–'}`;
  return `Gap in ${gap.channel}: ${gap.reason}${missing}`;
}
