import { among, type Feature, ofQuote } from './feature-set.ts';
import { microprice } from './microprice.ts';
import { midprice } from './midprice.ts';
import { orderFlowImbalance } from './order-flow-imbalance.ts';
import { queueImbalance } from './queue-imbalance.ts';
import { quotedSpread } from './quoted-spread.ts';
import { realizedVolatility } from './realized-volatility.ts';
import { tradeImbalance } from './trade-imbalance.ts';

/** The first feature set: stored in `features_spine_v1`, a column a feature in this order, sampled at each depth event. */
export const SPINE_V1: readonly Feature[] = [
  { name: 'midprice', unit: 'price', projection: ofQuote(midprice) },
  { name: 'microprice', unit: 'price', projection: ofQuote(microprice) },
  { name: 'quoted_spread', unit: 'price', projection: ofQuote(quotedSpread) },
  { name: 'queue_imbalance', unit: 'ratio', projection: ofQuote(queueImbalance) },
  {
    name: 'order_flow_imbalance',
    unit: 'qty',
    projection: among(['topOfBook', 'bookBreak'], orderFlowImbalance({ windowMs: 1_000 })),
  },
  {
    name: 'trade_imbalance',
    unit: 'ratio',
    projection: among(['topOfBook', 'trade', 'gap'], tradeImbalance({ windowMs: 10_000 })),
  },
  {
    name: 'realized_volatility',
    unit: 'ratio',
    projection: among(['topOfBook', 'bookBreak'], realizedVolatility({ intervalMs: 1_000, samples: 60 })),
  },
];
