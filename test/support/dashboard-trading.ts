// Accounts as the API lists them, for the dashboard's fixture: one that trades, one that was stopped.

export interface FixtureTrading {
  list(nowMs: number): readonly object[];
  /** The answer to a POST; undefined: there is no such account. */
  tell(account: string, command: string, body: object): object | undefined;
  /** What was told, in order. */
  readonly told: readonly string[];
  /** What is told has no effect from now on, as where no trader is there. */
  ignore(): void;
  /** What `paper` trades from now on. */
  trade(strategy: string): void;
}

export function createFixtureTrading(startedMs: number): FixtureTrading {
  const told: string[] = [];
  let halted: { readonly flattens: boolean; readonly reason: string } | null = null;
  let isIgnoring = false;
  let strategy = 'market-maker';

  function session(nowMs: number): object {
    const ageS = (nowMs - startedMs) / 1_000;
    const isFlat = halted?.flattens === true;
    const fill = (n: number, side: string, price: number, outcome: string, realisedPnl: number) => {
      // Not within the newest candles, where a chart has its labels.
      const timeMs = startedMs - (n + 12) * 60_000;
      return { timeMs, orderId: 90 - n, side, price, qty: 0.01, outcome, fee: price * 0.000_002, realisedPnl };
    };
    return {
      session: '0a1b2c3d4e5f',
      mode: 'paper',
      instrument: 'simulated:BTCUSDT',
      strategy,
      parameters: { everyMs: 500, halfSpreadBps: 1, skewBps: 1, qty: 0.01, maxQty: 0.1 },
      sinceMs: startedMs - 3_600_000,
      fromEntryId: '1-0',
      lastEntryId: `${nowMs}-0`,
      initialBalance: 10_000,
      walletBalance: 10_004.2,
      unrealisedPnl: isFlat ? 0 : 1.25,
      equity: 10_005.45 + ageS / 10,
      realisedPnl: 8.4,
      fees: 3.9,
      funding: -0.3,
      position: isFlat ? 0 : -0.02,
      markPrice: 97_240.512_345_67,
      liquidations: 0,
      orders: halted === null ? [order(91, 'buy', 97_230.1), order(92, 'sell', 97_250.4)] : [],
      waiting:
        halted === null
          ? [
              {
                orderId: 90,
                side: 'buy',
                type: 'STOP_MARKET',
                trigger: 97_900.5,
                price: null,
                qty: null,
                state: 'open',
              },
            ]
          : [],
      fills: [
        fill(0, 'sell', 97_244.900_000_000_01, 'queue', 0),
        fill(1, 'buy', 97_231, 'through', 0.137),
        fill(2, 'sell', 97_245.1, 'taker', -0.021),
      ],
      counts: {
        sent: 1_204,
        filled: 87,
        cancelled: 1_110,
        rejected: { '-5022': 3 },
        stopped: { 'warm-up': 4, halted: 3, position: 12 },
      },
    };
  }

  const order = (orderId: number, side: string, price: number) => ({ orderId, side, price, qty: 0.01, state: 'open' });

  return {
    told,
    list: (nowMs) => [
      {
        account: 'paper',
        timeMs: nowMs,
        state: halted === null ? 'running' : 'halted',
        reason: halted?.reason ?? null,
        session: session(nowMs),
      },
      {
        account: 'grid',
        timeMs: nowMs,
        state: 'stopped',
        reason: 'stopped',
        session: null,
        ended: { instrument: 'simulated:ETHUSDT', equity: 9_871.25 },
      },
    ],
    tell(account, command, body) {
      if (account !== 'paper') return undefined;
      told.push(`${command} ${JSON.stringify(body)}`);
      const { flatten, reason = 'told so' } = body as { flatten?: boolean; reason?: string };
      if (!isIgnoring) halted = command === 'halt' ? { flattens: flatten === true, reason } : null;
      return { commandId: '1-0' };
    },
    ignore() {
      isIgnoring = true;
    },
    trade(other) {
      strategy = other;
    },
  };
}
