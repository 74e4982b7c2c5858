/** One line of a capture. */
export interface CaptureLine {
  readonly channel: 'depth' | 'trade' | 'bookTicker' | 'markPrice' | 'depthSnapshot';
  readonly text: string;
}

const START_MS = 1_700_000_000_000;

/**
 * A USD-M capture of BTCUSDT as a recorder writes it: unbroken depth and trade chains, a snapshot after the third depth
 * event. Prices are multiples of 0.1, quantities of 0.001.
 */
export function syntheticCapture(rounds: number): CaptureLine[] {
  const lines: CaptureLine[] = [];
  let ns = BigInt(START_MS) * 1_000_000n;
  const add = (channel: CaptureLine['channel'], json: string): void => {
    lines.push({ channel, text: `${ns} ${json}` });
    ns += 1_700_123n;
  };
  const stream = (name: string, data: object): string => JSON.stringify({ stream: `btcusdt@${name}`, data });
  for (let i = 1; i <= rounds; i++) {
    const E = START_MS + i * 100;
    const price = (30_000 + i / 10).toFixed(2);
    const times = { E, T: E - 1, s: 'BTCUSDT' };
    add(
      'depth',
      stream('depth@0ms', {
        e: 'depthUpdate',
        ...times,
        U: i * 10 + 1,
        u: i * 10 + 5,
        pu: i * 10 - 5,
        b: [[price, '1.001']],
        a: [],
      }),
    );
    add(
      'trade',
      stream('trade', { e: 'trade', ...times, t: 500 + i, p: price, q: '0.002', X: 'MARKET', m: i % 2 === 0 }),
    );
    add(
      'bookTicker',
      stream('bookTicker', {
        e: 'bookTicker',
        u: i * 10 + 5,
        s: 'BTCUSDT',
        b: price,
        B: '1.001',
        a: '40000.00',
        A: '2.000',
        T: E,
        E,
      }),
    );
    if (i % 10 === 0)
      add(
        'markPrice',
        stream('markPrice@1s', {
          e: 'markPriceUpdate',
          E,
          s: 'BTCUSDT',
          p: price,
          i: '30000.12345678',
          P: price,
          r: '0.0001',
          T: E,
        }),
      );
    if (i === 3)
      add(
        'depthSnapshot',
        JSON.stringify({ lastUpdateId: i * 10 + 5, E, T: E, bids: [[price, '1.001']], asks: [['40000.00', '2.000']] }),
      );
  }
  return lines;
}

export function captureText(lines: readonly CaptureLine[]): string {
  return lines.map((line) => `${line.text}\n`).join('');
}
