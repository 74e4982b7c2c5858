import { z } from '@hono/zod-openapi';
import type { AccountStatus } from '../../trader/account-status.ts';

const number = (description: string) => z.number().openapi({ description });
const quote = (description: string) => number(`${description}, quote asset`);
const timeMs = number('ms since the epoch');
const side = z.enum(['buy', 'sell']);
const price = z.number();
const qty = number('Base asset');

const order = z.object({
  orderId: z.number().int(),
  side,
  price: price.nullable().openapi({ description: 'null: at any price' }),
  qty: number('What is not filled yet, base asset'),
  state: z.enum(['sent', 'open', 'cancelling']).openapi({ description: '`sent`: not answered yet' }),
});

const waitingOrder = z.object({
  orderId: z.number().int(),
  side,
  type: z.enum(['STOP', 'STOP_MARKET', 'TAKE_PROFIT', 'TAKE_PROFIT_MARKET', 'TRAILING_STOP_MARKET']),
  trigger: price.nullable().openapi({ description: 'null: of a trailing stop that trails already' }),
  price: price.nullable().openapi({ description: 'Limit that it gets when it is triggered; null: at any price' }),
  qty: qty.nullable().openapi({ description: 'Base asset; null: as much as there is of the position' }),
  state: order.shape.state,
});

const fill = z.object({
  timeMs,
  orderId: z.number().int(),
  side,
  price,
  qty,
  outcome: z.string().openapi({ description: 'By what it was filled', example: 'queue' }),
  fee: quote('Negative: a rebate'),
  realisedPnl: quote('Without the fee'),
});

const counted = (description: string) => z.record(z.string(), z.number().int()).openapi({ description });

const counts = z.object({
  sent: z.number().int(),
  filled: z.number().int(),
  cancelled: z.number().int(),
  rejected: counted('Refused by the exchange, by its code'),
  stopped: counted('Not sent, by the risk limit that stopped them'),
});

const session = z
  .object({
    session: z.string(),
    mode: z.enum(['paper', 'live']),
    instrument: z.string().openapi({ example: 'simulated:BTCUSDT' }),
    strategy: z.string(),
    parameters: z.record(z.string(), z.number()),
    sinceMs: number('From when on it trades, ms since the epoch'),
    fromEntryId: z.string(),
    lastEntryId: z.string().openapi({ description: 'Last entry of the log that it was told of' }),
    initialBalance: quote('What it began with'),
    walletBalance: quote('Balance'),
    unrealisedPnl: quote('At the mark price'),
    equity: quote('Wallet balance and unrealised profit'),
    realisedPnl: quote('Of what was closed, without fees'),
    fees: quote('Paid'),
    funding: quote('Received; negative: paid'),
    position: number('Base asset; negative: short'),
    markPrice: price.nullable(),
    liquidations: z.number().int(),
    orders: z.array(order),
    waiting: z.array(waitingOrder).openapi({ description: 'Conditional orders that wait for their price' }),
    fills: z.array(fill).openapi({ description: 'The last ones, newest first' }),
    counts,
  })
  .openapi('TradingSession');

/** How an account stands, as the API describes it. */
export const accountSchema = z
  .object({
    account: z.string().openapi({ example: 'paper' }),
    timeMs: number('When its trader told so, ms since the epoch; 0: none has'),
    state: z.enum(['stopped', 'waiting', 'running', 'halted', 'failed']),
    reason: z.string().nullable(),
    session: session.nullable().openapi({ description: 'null: none runs' }),
    ended: z
      .object({ instrument: z.string(), equity: quote('What the account was worth at its end') })
      .nullable()
      .openapi({ description: 'The last session; null: one is open, or there was none' }),
  })
  .openapi('Account') satisfies z.ZodType<AccountStatus>;
