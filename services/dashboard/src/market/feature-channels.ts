const BOOK = ['depth', 'depthSnapshot'] as const;
const TRADES = ['aggTrade', 'trade'] as const;

/** Channels of the log that inputs of features are made of, by the input's name in the catalogue. */
const CHANNELS: Readonly<Record<string, readonly string[]>> = {
  topOfBook: BOOK,
  bookBreak: BOOK,
  depthView: BOOK,
  trade: TRADES,
  bar: TRADES,
  barBreak: TRADES,
  markPrice: ['markPrice'],
  liquidation: ['forceOrder'],
  openInterest: ['openInterest'],
};

/** Channels that a feature with these inputs is made of: a gap in one of them is a gap in it. */
export function channelsOf(inputs: readonly string[]): readonly string[] {
  return [...new Set(inputs.flatMap((input) => CHANNELS[input] ?? []))];
}
