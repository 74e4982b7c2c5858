import { z } from 'zod';
import { BadInput } from '../../../infra/setup-error.ts';
import type { SessionOpened } from '../../../operators/ledger/ledger-event.ts';
import { createScale } from '../../../streams/events/scale.ts';
import { parseInstrument } from '../../../streams/instrument.ts';
import { answeredBody, createExchange, type Exchange } from './exchange.ts';
import type { LiveAccess } from './live-keys.ts';
import { quoteAssetOf } from './quote-asset.ts';

const accountBody = z.object({ assets: z.array(z.object({ asset: z.string(), walletBalance: z.string() })) });
const positionsBody = z.array(z.object({ symbol: z.string(), positionAmt: z.string() }));
const hedgeBody = z.object({ dualSidePosition: z.boolean() });

/** The signed requests of a session. */
export function exchangeOf(access: LiveAccess, { settings, tickSize, stepSize }: SessionOpened): Exchange {
  const { symbol } = parseInstrument(settings.instrument);
  return createExchange({ access, symbol, scale: createScale(tickSize, stepSize) });
}

/**
 * Makes a session one of the exchange account: sees that nothing is there that it does not know of, sets the leverage, and
 * begins with the account's balance.
 * @throws BadInput that says what of the account is not as it must be, or what the exchange answered; NoAnswer where it may
 * be tried again
 */
export async function openLiveAccount(exchange: Exchange, opened: SessionOpened): Promise<SessionOpened> {
  const { settings } = opened;
  const { symbol } = parseInstrument(settings.instrument);
  answeredBody('time', await exchange.syncClock());
  const { dualSidePosition } = hedgeBody.parse(answeredBody('position mode', await exchange.isHedged()));
  if (dualSidePosition) throw new BadInput('position mode: expected one-way, found hedge; change it at the exchange');
  const orders = answeredBody('open orders', await exchange.openOrders()) as unknown[];
  if (orders.length > 0)
    throw new BadInput(`open orders: expected none in ${symbol}, found ${orders.length}; cancel them at the exchange`);
  const waiting = answeredBody('open conditional orders', await exchange.openAlgoOrders()) as unknown[];
  if (waiting.length > 0)
    throw new BadInput(
      `open conditional orders: expected none in ${symbol}, found ${waiting.length}; cancel them at the exchange`,
    );
  const positions = positionsBody.parse(answeredBody('positions', await exchange.positions()));
  const held = positions.find((position) => position.symbol === symbol && Number(position.positionAmt) !== 0);
  if (held !== undefined)
    throw new BadInput(`position: expected none in ${symbol}, found ${held.positionAmt}; close it at the exchange`);
  answeredBody('leverage', await exchange.setLeverage(settings.leverage));
  const quote = quoteAssetOf(symbol);
  const { assets } = accountBody.parse(answeredBody('account', await exchange.account()));
  const balance = Number(assets.find(({ asset }) => asset === quote)?.walletBalance ?? 0);
  if (!(balance > 0)) throw new BadInput(`balance: expected some ${quote}, found ${balance}`);
  return { ...opened, timeMs: exchange.nowMs(), settings: { ...settings, balance } };
}
