import { bookOf } from '../../../operators/account/account-state.ts';
import { notionalCapE8 } from '../../../operators/account/brackets.ts';
import { mandatoryParameter } from '../rest/api-error.ts';
import { accountBody, balanceBody, positionFigures, positionRiskBody } from './account-texts.ts';
import type { Bookkeeping, UserFeed } from './bookkeeping.ts';
import { BRACKETS, type Listing, type Listings } from './listing.ts';
import { type PrivateRoute, plainRoute } from './private-route.ts';
import { asAnswered } from './refusals.ts';
import type { UserAccount } from './user-account.ts';
import { leverageUpdate } from './user-events.ts';

const DONE = { code: 200, msg: 'success' };

/** What an account has, and how it is set. */
export function accountRoutes(
  listings: Listings,
  books: Bookkeeping,
  feed: UserFeed,
  nowMs: () => number,
): [string, PrivateRoute][] {
  const symbols = [...listings.bySymbol.keys()];
  const { terms } = listings;

  const risk = (version: 2 | 3): PrivateRoute =>
    plainRoute(5, ({ state, updatedMs }, params) => {
      const symbol = params.optionalSymbol(symbols);
      return positionFigures(listings, state, symbol === undefined ? symbols : [symbol])
        .filter(({ isUsed }) => version === 2 || isUsed)
        .map((figures) => positionRiskBody(figures, updatedMs, version));
    });

  return [
    ['GET /fapi/v2/account', plainRoute(5, (account) => accountBody(listings, account, 2))],
    ['GET /fapi/v3/account', plainRoute(5, (account) => accountBody(listings, account, 3))],
    ['GET /fapi/v2/balance', plainRoute(5, (account) => [balanceBody(listings, account)])],
    ['GET /fapi/v3/balance', plainRoute(5, (account) => [balanceBody(listings, account)])],
    ['GET /fapi/v2/positionRisk', risk(2)],
    ['GET /fapi/v3/positionRisk', risk(3)],
    ['GET /fapi/v1/multiAssetsMargin', plainRoute(30, () => ({ multiAssetsMargin: false }))],
    [
      'POST /fapi/v1/leverage',
      plainRoute(1, (account, params) => {
        const symbol = params.symbol(symbols);
        const leverage = params.integer('leverage');
        if (leverage === undefined) throw mandatoryParameter('leverage');
        const timeMs = nowMs();
        const before = bookOf(terms, account.state, symbol).leverage;
        asAnswered(() => books.evolve(account, { type: 'leverageSet', timeMs, instrument: symbol, leverage }));
        if (leverage !== before) feed(account, 'ACCOUNT_CONFIG_UPDATE', leverageUpdate(symbol, leverage, timeMs));
        const capE8 = notionalCapE8(books.listing(symbol).terms.brackets, leverage);
        return { symbol, leverage, maxNotionalValue: String(capE8 / 1e8) };
      }),
    ],
    [
      'POST /fapi/v1/marginType',
      plainRoute(1, (account, params) => {
        const symbol = params.symbol(symbols);
        const isIsolated = params.word('marginType', ['ISOLATED', 'CROSSED'], -1130) === 'ISOLATED';
        const timeMs = nowMs();
        const marginType = isIsolated ? 'isolated' : 'cross';
        asAnswered(() => books.evolve(account, { type: 'marginTypeSet', timeMs, instrument: symbol, marginType }));
        books.tellAccount(account, 'MARGIN_TYPE_CHANGE', 0, [symbol], timeMs);
        return DONE;
      }),
    ],
    [
      'POST /fapi/v1/positionMargin',
      plainRoute(1, (account, params) => {
        const symbol = params.symbol(symbols);
        const type = params.word('type', ['1', '2'], -1130);
        const amount = Number(params.required('amount'));
        if (!Number.isFinite(amount)) throw mandatoryParameter('amount');
        const positionSide = params.word('positionSide', ['BOTH', 'LONG', 'SHORT'], -4060, 'BOTH');
        const timeMs = nowMs();
        const direction = type === '1' ? 'add' : 'remove';
        const amountE8 = Math.round(amount * 1e8);
        const event = {
          type: 'isolatedMarginMoved',
          timeMs,
          instrument: symbol,
          positionSide,
          direction,
          amountE8,
        } as const;
        asAnswered(() => books.evolve(account, event));
        books.tellAccount(account, 'MARGIN_TRANSFER', 0, [symbol], timeMs);
        return { amount, code: 200, msg: 'Successfully modify position margin.', type: Number(type) };
      }),
    ],
    [
      'POST /fapi/v1/positionSide/dual',
      plainRoute(1, (account, params) => {
        params.required('dualSidePosition');
        const positionMode = params.flag('dualSidePosition') ? 'hedge' : 'oneWay';
        asAnswered(() => books.evolve(account, { type: 'positionModeSet', timeMs: nowMs(), positionMode }));
        return DONE;
      }),
    ],
    [
      'GET /fapi/v1/positionSide/dual',
      plainRoute(30, ({ state }) => ({ dualSidePosition: state.positionMode === 'hedge' })),
    ],
    [
      'GET /fapi/v1/commissionRate',
      plainRoute(20, ({ state }, params) => ({
        symbol: params.symbol(symbols),
        makerCommissionRate: rateText(state.makerRateE8),
        takerCommissionRate: rateText(state.takerRateE8),
        rpiCommissionRate: '0.000000',
      })),
    ],
    [
      'GET /fapi/v1/leverageBracket',
      plainRoute(1, (_account, params) => {
        const symbol = params.optionalSymbol(symbols);
        const told = (each: string): unknown => ({ symbol: each, brackets: BRACKETS });
        return (symbol === undefined ? symbols : [symbol]).map(told);
      }),
    ],
    [
      'GET /fapi/v1/accountConfig',
      plainRoute(5, ({ state }) => ({
        feeTier: 0,
        canTrade: true,
        canDeposit: true,
        canWithdraw: true,
        dualSidePosition: state.positionMode === 'hedge',
        updateTime: 0,
        multiAssetsMargin: false,
        tradeGroupId: -1,
      })),
    ],
    [
      'GET /fapi/v1/symbolConfig',
      plainRoute(5, ({ state }, params) => {
        const symbol = params.optionalSymbol(symbols);
        return (symbol === undefined ? symbols : [symbol]).map((each) => symbolConfig(listings, state, each));
      }),
    ],
  ];
}

function symbolConfig(listings: Listings, state: UserAccount['state'], symbol: string): unknown {
  const { marginType, leverage } = bookOf(listings.terms, state, symbol);
  return {
    symbol,
    marginType: marginType === 'cross' ? 'CROSSED' : 'ISOLATED',
    isAutoAddMargin: 'false',
    leverage,
    maxNotionalValue: String(notionalCapE8((listings.bySymbol.get(symbol) as Listing).terms.brackets, leverage) / 1e8),
  };
}

/** `0.000200` */
function rateText(rateE8: number): string {
  return (rateE8 / 1e8).toFixed(6);
}
