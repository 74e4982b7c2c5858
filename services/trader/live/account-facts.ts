import { z } from 'zod';
import type { AccountEvent } from '../../../operators/account/account-event.ts';
import { toE8 } from '../../../operators/account/money.ts';
import type { Exchange, Outcome } from './exchange.ts';

/** What the exchange changed an account by otherwise than by trading, with its own number of it. */
export interface AccountFact {
  readonly id: string;
  readonly event: AccountEvent;
}

const incomes = z.array(
  z.object({
    tranId: z.union([z.number(), z.string()]).transform(String),
    time: z.number(),
    income: z.string(),
    asset: z.string(),
    symbol: z.string(),
  }),
);
const rates = z.array(z.object({ fundingTime: z.number(), fundingRate: z.string(), markPrice: z.string() }));
/** The settlement of a time is booked a little later. */
const SETTLES_WITHIN_MS = 60_000;

export interface AccountFactsOptions {
  readonly exchange: Exchange;
  readonly instrument: string;
  readonly symbol: string;
  readonly quoteAsset: string;
  /** What came before is in the balance that the session began with. */
  readonly sinceMs: number;
}

/**
 * Funding, deposits and withdrawals since a time, oldest first: funding by the rate and the mark price that the exchange
 * publishes, so that the account reckons it as the exchange does.
 * undefined: the exchange does not answer, or not yet with all of it.
 */
export async function accountFacts(options: AccountFactsOptions): Promise<AccountFact[] | undefined> {
  const { exchange, instrument, symbol, quoteAsset, sinceMs } = options;
  const [funding, transfers] = [
    readIncomes(await exchange.income('FUNDING_FEE', sinceMs)),
    readIncomes(await exchange.income('TRANSFER', sinceMs)),
  ];
  if (funding === undefined || transfers === undefined) return undefined;
  const facts: AccountFact[] = [];
  for (const { tranId, time: timeMs, income, asset } of transfers) {
    const amountE8 = toE8('income', Number(income));
    if (asset !== quoteAsset || amountE8 === 0) continue;
    const type = amountE8 > 0 ? 'deposit' : 'withdrawal';
    facts.push({ id: `transfer-${tranId}`, event: { type, timeMs, amountE8: Math.abs(amountE8) } });
  }
  const own = funding.filter((income) => income.symbol === symbol && income.asset === quoteAsset);
  if (own.length > 0) {
    const published = readRates(await exchange.fundingRates(sinceMs - SETTLES_WITHIN_MS));
    for (const { tranId, time } of own) {
      const rate = published?.findLast(
        ({ fundingTime }) => fundingTime <= time && time - fundingTime < SETTLES_WITHIN_MS,
      );
      if (rate === undefined) return undefined;
      const rateE8 = toE8('fundingRate', Number(rate.fundingRate));
      const markPriceE8 = toE8('markPrice', Number(rate.markPrice));
      const event = { type: 'fundingSettled', timeMs: time, instrument, rateE8, markPriceE8 } as const;
      facts.push({ id: `funding-${tranId}`, event });
    }
  }
  return facts.sort((a, b) => a.event.timeMs - b.event.timeMs);
}

function readIncomes(outcome: Outcome): z.infer<typeof incomes> | undefined {
  return outcome.type === 'answered' ? incomes.safeParse(outcome.body).data : undefined;
}

function readRates(outcome: Outcome): z.infer<typeof rates> | undefined {
  return outcome.type === 'answered' ? rates.safeParse(outcome.body).data : undefined;
}
