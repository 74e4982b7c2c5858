/** What a field holds, and so what is refused there. */
export type FieldKind = 'integer' | 'price' | 'qty' | 'number' | 'signed' | 'boolean' | 'text' | 'levels' | 'object';

export interface SampleField {
  /** Keys from the top, e.g. `o.q`. */
  readonly path: string;
  readonly kind: FieldKind;
  readonly isOptional?: boolean;
}

/** A payload as the venue sends it, and the fields of it that its decoder needs. */
export interface Sample {
  readonly channel: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly fields: readonly SampleField[];
}

const fields = (kind: FieldKind, ...paths: string[]): SampleField[] => paths.map((path) => ({ path, kind }));
const optional = (kind: FieldKind, ...paths: string[]): SampleField[] =>
  paths.map((path) => ({ path, kind, isOptional: true }));

/** One payload of each channel, shaped like the frames of 2026-09; on the grid of tick 0.10 and step 0.001. */
export const SAMPLES: readonly Sample[] = [
  {
    channel: 'depth',
    payload: {
      e: 'depthUpdate',
      E: 1790526538985,
      T: 1790526538981,
      s: 'BTCUSDT',
      ps: 'BTCUSDT',
      U: 11671659683245,
      u: 11671659687966,
      pu: 11671659683147,
      b: [
        ['84551.00', '139.491'],
        ['1000.00', '0.000'],
        ['123456789012.30', '12345678901.500'],
        ['5', '123456789'],
        ['1234567890', '7'],
      ],
      a: [['84551.10', '0.002']],
      st: 1,
    },
    fields: [...fields('integer', 'E', 'T', 'U', 'u', 'pu'), ...fields('levels', 'b', 'a')],
  },
  {
    channel: 'depth',
    payload: { e: 'depthUpdate', E: 1723161255208, s: 'BTCUSDT', U: 10, u: 12, b: [['61737.60', '0.001']], a: [] },
    fields: [...fields('integer', 'E', 'U', 'u'), ...fields('levels', 'b', 'a')],
  },
  {
    channel: 'depthSnapshot',
    payload: {
      lastUpdateId: 5123107852948,
      E: 1723161256501,
      T: 1723161256493,
      bids: [['61800.20', '2.909']],
      asks: [
        ['61800.30', '0.696'],
        ['61800.40', '20.004'],
      ],
    },
    fields: [...fields('integer', 'lastUpdateId'), ...optional('integer', 'E'), ...fields('levels', 'bids', 'asks')],
  },
  {
    channel: 'bookTicker',
    payload: {
      e: 'bookTicker',
      u: 11671659685961,
      s: 'BTCUSDT',
      ps: 'BTCUSDT',
      b: '84551.00',
      B: '2.646',
      a: '84551.10',
      A: '5.302',
      T: 1790526538939,
      E: 1790526538940,
      st: 1,
    },
    fields: [
      ...fields('integer', 'u'),
      ...optional('integer', 'E'),
      ...fields('price', 'b', 'a'),
      ...fields('qty', 'B', 'A'),
    ],
  },
  {
    channel: 'aggTrade',
    payload: {
      e: 'aggTrade',
      E: 1790526539033,
      a: 3466782974,
      s: '币安人生USDT',
      p: '84551.10',
      q: '0.030',
      nq: '0.030',
      f: 8123344783,
      l: 8123344785,
      T: 1790526538883,
      m: false,
      st: 1,
    },
    fields: [
      ...fields('integer', 'a', 'f', 'l', 'T'),
      ...fields('price', 'p'),
      ...fields('qty', 'q'),
      ...fields('boolean', 'm'),
    ],
  },
  {
    channel: 'trade',
    payload: {
      e: 'trade',
      E: 1723161256322,
      T: 1723161256321,
      s: 'BTCUSDT',
      t: 5266583935,
      p: '61800.30',
      q: '0.006',
      X: 'MARKET',
      m: true,
    },
    fields: [
      ...fields('integer', 't', 'T'),
      ...fields('price', 'p'),
      ...fields('qty', 'q'),
      ...fields('boolean', 'm'),
      ...optional('text', 'X'),
    ],
  },
  {
    channel: 'markPrice',
    payload: {
      e: 'markPriceUpdate',
      E: 1790526539000,
      s: 'BTCUSDT',
      p: '84551.10762319',
      ap: '84551.10762319',
      P: '84559.09090930',
      i: '84590.87304348',
      r: '-0.00000801',
      T: 1790553600000,
      st: 1,
    },
    fields: [
      ...fields('integer', 'E', 'T'),
      ...fields('number', 'p', 'i'),
      ...optional('number', 'P'),
      ...optional('signed', 'r'),
    ],
  },
  {
    channel: 'forceOrder',
    payload: {
      e: 'forceOrder',
      E: 1791391083124,
      o: {
        s: '我踏马来了USDT',
        S: 'SELL',
        o: 'LIMIT',
        f: 'IOC',
        q: '116.5',
        p: '3.80300',
        ap: '3.85642',
        X: 'FILLED',
        l: '25.2',
        z: '116.5',
        T: 1791391082119,
        ps: 'ILVUSDT',
        st: 1,
      },
    },
    fields: [
      ...fields('integer', 'E', 'o.T'),
      ...fields('object', 'o'),
      ...fields('number', 'o.q', 'o.p', 'o.ap', 'o.z'),
      ...fields('text', 'o.S', 'o.X'),
    ],
  },
  {
    channel: 'kline_1m',
    payload: {
      e: 'kline',
      E: 1790526539304,
      s: 'BTCUSDT',
      k: {
        t: 1790526480000,
        T: 1790526539999,
        s: 'BTCUSDT',
        i: '1m',
        f: 8123344100,
        L: 8123344783,
        o: '84550.90',
        c: '84551.10',
        h: '84560.00',
        l: '84540.10',
        v: '12.345',
        n: 684,
        x: true,
        q: '423075730671.12853',
        V: '6.001',
        Q: '507391.1',
        B: '0',
      },
    },
    fields: [
      ...fields('integer', 'E', 'k.t', 'k.n'),
      ...fields('object', 'k'),
      ...fields('number', 'k.o', 'k.h', 'k.l', 'k.c', 'k.v', 'k.q', 'k.V'),
      ...fields('text', 'k.i'),
      ...fields('boolean', 'k.x'),
    ],
  },
  {
    channel: 'openInterest',
    payload: { symbol: 'BTCUSDT', openInterest: '84617.188', time: 1654336844754 },
    fields: [...fields('number', 'openInterest'), ...fields('integer', 'time')],
  },
  {
    channel: 'fundingRate',
    payload: { symbol: 'BTCUSDT', fundingTime: 1654329600000, fundingRate: '-0.00010000', markPrice: '31000.1' },
    fields: [...fields('integer', 'fundingTime'), ...fields('signed', 'fundingRate')],
  },
  {
    channel: 'gap',
    payload: { channel: 'depth', expected: '123', found: '456', reason: 'sequence' },
    fields: [...fields('text', 'channel', 'reason'), ...optional('text', 'expected', 'found')],
  },
  {
    channel: 'disconnected',
    payload: { channels: ['depth', 'aggTrade'], connection: 3, reason: 'ping "timeout"' },
    fields: [...fields('integer', 'connection'), ...optional('text', 'reason')],
  },
];

/** The payload's text with the value at `path` replaced by raw JSON text, or removed. */
export function withField({ payload }: Sample, path: string, raw: string | undefined): Buffer {
  const keys = path.split('.');
  const copy = structuredClone(payload) as Record<string, unknown>;
  const parent = keys.length === 1 ? copy : (copy[keys[0]!] as Record<string, unknown>);
  const key = keys.at(-1)!;
  if (raw === undefined) delete parent[key];
  else parent[key] = PLACE;
  return Buffer.from(JSON.stringify(copy).replace(JSON.stringify(PLACE), () => raw ?? ''));
}

const PLACE = 'the place of the raw text';
