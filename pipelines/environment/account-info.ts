/** Why an episode is over; '' while it is not. */
export type EpisodeEnd = '' | 'ruin' | 'length' | 'data' | 'invalid';

/** What an environment of any market says of its account beside the observation. Lent. */
export type AccountInfo = {
  /** Of the decision that is due, ms since the epoch: of candles, the close. */
  timeMs: number;
  /** Wallet and unrealised profit at the price, quote asset. */
  equity: number;
  /** Of candles the close; of a book the mark price, or the last trade's where none is recorded. Quote asset. */
  price: number;
  /** Base asset, negative: short; and the one that was wanted, which is what it was where quotes are. */
  position: number;
  target: number;
  /** Since the episode began, quote asset: fees that were paid, funding that was received. */
  fees: number;
  funding: number;
  /** Orders since the episode began: sent, filled, and stopped by a risk limit. */
  sent: number;
  filled: number;
  stopped: number;
  liquidations: number;
  end: EpisodeEnd;
};
