import { z } from 'zod';
import type { OrderEnd } from '../../../operators/matching/order.ts';

/** A conditional order as the algo service has it. */
export interface AlgoAnswer {
  readonly clientAlgoId: string;
  /** The algo service's own number of it. */
  readonly exchangeId: string;
  /** `waits` for its price; `triggered`: it is becoming an order, or has; else how it ended. */
  readonly state: 'waits' | 'triggered' | OrderEnd;
  /** The number of the order that it has become; null: none that is known yet. */
  readonly actualId: string | null;
  readonly timeMs: number;
}

/** What the user data stream says of a conditional order. */
export interface AlgoUpdate extends AlgoAnswer {
  readonly symbol: string;
  /** Why it was rejected; empty: it was not. */
  readonly reason: string;
}

const id = z.union([z.number(), z.string()]).transform(String);
const actual = id
  .nullish()
  .transform((text) => (text === undefined || text === null || /^0?$/.test(text) ? null : text));
const STATES: Readonly<Record<string, AlgoAnswer['state']>> = {
  NEW: 'waits',
  TRIGGERING: 'triggered',
  TRIGGERED: 'triggered',
  FINISHED: 'triggered',
  CANCELED: 'CANCELED',
  EXPIRED: 'EXPIRED',
  REJECTED: 'REJECTED',
};
const state = z.string().transform((status, context) => {
  const found = STATES[status];
  if (found === undefined) context.addIssue(`expected one of ${Object.keys(STATES).join(', ')}, found ${status}`);
  return found!;
});

const algoBody = z.object({
  clientAlgoId: z.string(),
  algoId: id,
  algoStatus: state,
  actualOrderId: actual,
  updateTime: z.number(),
});

const updateBody = z.object({
  T: z.number(),
  o: z.object({ s: z.string(), caid: z.string(), aid: id, X: state, ai: actual, rm: z.string().nullish() }),
});

/** @throws ZodError where it is not what Binance documents */
export function readAlgoAnswer(body: unknown): AlgoAnswer {
  const { clientAlgoId, algoId, algoStatus, actualOrderId, updateTime } = algoBody.parse(body);
  return { clientAlgoId, exchangeId: algoId, state: algoStatus, actualId: actualOrderId, timeMs: updateTime };
}

/** An `ALGO_UPDATE`. @throws ZodError where it is not what Binance documents */
export function readAlgoUpdate(event: unknown): AlgoUpdate {
  const { T: timeMs, o } = updateBody.parse(event);
  const { s: symbol, caid: clientAlgoId, aid: exchangeId, X, ai: actualId, rm } = o;
  return { symbol, clientAlgoId, exchangeId, state: X, actualId, timeMs, reason: rm ?? '' };
}
