import { endOfObject, integerAt, stringAt } from './json-text.ts';

/** What the recorder must know of a payload; everything else is left to those who read the log. */
export interface PayloadFacts {
  /** Why the payload is refused; the other fields are then without meaning. */
  readonly error: string | undefined;
  /** Binance `e`. */
  readonly event: string | undefined;
  /** Binance `s`. */
  readonly symbol: string | undefined;
  /** Source sequence of the channel: depth and bookTicker `u`, aggTrade `a`, trade `t`, others `E` (event time, ms). */
  readonly sequence: number;
  /** Source sequence of the event that must come before it; undefined where the channel has no chain. */
  readonly predecessor: number | undefined;
}

interface ChannelRule {
  readonly event: string;
  readonly sequenceKey: string;
  readonly predecessorKey?: string;
  /** Each event's sequence is the one before it plus 1. */
  readonly isCounted?: boolean;
  /** First sequence that the event covers: the log wants it of a depth event. */
  readonly firstKey?: string;
}

/** Sequences as in docs/architecture.md "Channels". `pu` is USD-M's predecessor; spot is not recorded live. */
const RULES: Readonly<Record<string, ChannelRule>> = {
  depth: { event: 'depthUpdate', sequenceKey: 'u', predecessorKey: 'pu', firstKey: 'U' },
  bookTicker: { event: 'bookTicker', sequenceKey: 'u' },
  aggTrade: { event: 'aggTrade', sequenceKey: 'a', isCounted: true },
  trade: { event: 'trade', sequenceKey: 't', isCounted: true },
  markPrice: { event: 'markPriceUpdate', sequenceKey: 'E' },
  forceOrder: { event: 'forceOrder', sequenceKey: 'E' },
  kline: { event: 'kline', sequenceKey: 'E' },
};

/** The `e` of the channel's payloads. */
export function eventNameOf(channel: string): string {
  return ruleOf(channel).event;
}

function ruleOf(channel: string): ChannelRule {
  const rule = RULES[channel.startsWith('kline_') ? 'kline' : channel];
  if (rule === undefined) throw new Error(`channel: expected a streamed channel, found ${channel}`);
  return rule;
}

/**
 * Reads the facts of the payload at [from, to) of the text in one strict pass: without `error` it is valid JSON.
 *
 * It takes the whole frame and positions because reading a cut-out string character by character is twice as slow.
 */
export function readFacts(channel: string, text: string, from = 0, to = text.length): PayloadFacts {
  const rule = ruleOf(channel);
  let event: string | undefined;
  let symbol: string | undefined;
  let sequence = Number.NaN;
  let predecessor = Number.NaN;
  let first = Number.NaN;
  let order: { start: number; end: number } | undefined;
  const end = endOfObject(text, from, (keyStart, keyEnd, start, stop) => {
    const key = keyEnd - keyStart === 1 ? text[keyStart]! : text.slice(keyStart, keyEnd);
    if (key === 'e') event = textValue(text, start, stop);
    else if (key === 's') symbol = textValue(text, start, stop);
    else if (key === 'o' && channel === 'forceOrder') order = { start, end: stop };
    if (key === rule.sequenceKey) sequence = integerAt(text, start, stop);
    else if (key === rule.predecessorKey) predecessor = integerAt(text, start, stop);
    else if (key === rule.firstKey) first = integerAt(text, start, stop);
  });
  if (end !== to) return refusal('not-json');
  // A liquidation order carries its symbol inside `o`.
  if (order !== undefined)
    endOfObject(text, order.start, (keyStart, keyEnd, start, stop) => {
      if (keyEnd - keyStart === 1 && text[keyStart] === 's') symbol = textValue(text, start, stop);
    });
  const isMissing = (key: string | undefined, value: number) => key !== undefined && Number.isNaN(value);
  if (isMissing(rule.sequenceKey, sequence)) return noSequence(rule.sequenceKey);
  if (isMissing(rule.predecessorKey, predecessor)) return noSequence(rule.predecessorKey!);
  if (isMissing(rule.firstKey, first)) return noSequence(rule.firstKey!);
  if (first > sequence)
    return refusal(`wrong-sequence: ${rule.firstKey} ${first} is above ${rule.sequenceKey} ${sequence}`);
  const chained = rule.predecessorKey === undefined ? undefined : predecessor;
  return { error: undefined, event, symbol, sequence, predecessor: rule.isCounted === true ? sequence - 1 : chained };
}

function noSequence(key: string): PayloadFacts {
  return refusal(`no-sequence: ${key} must be an integer below 2^53`);
}

function refusal(error: string): PayloadFacts {
  return { error, event: undefined, symbol: undefined, sequence: Number.NaN, predecessor: undefined };
}

function textValue(text: string, start: number, end: number): string | undefined {
  return text[start] === '"' ? stringAt(text, start + 1, end - 1) : undefined;
}
