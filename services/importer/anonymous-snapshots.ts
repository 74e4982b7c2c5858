/**
 * REST answers with a book do not say of which instrument it is. In a file of one instrument it is that one's; in a file
 * of several, the one's whose prices it has.
 */
export interface AnonymousSnapshots<Item> {
  /** An event of our instrument, in file order; only prices are looked at. */
  see(channel: string, payload: Buffer): void;
  add(item: Item, payload: Buffer): void;
  /** Those that are not known to be ours. @param othersShare of the file's events, from 0 to 1 */
  doubtful(othersShare: number): Item[];
}

/** In a file with fewer of other instruments than this share, those are stray. */
const OTHERS_SHARE_MAX = 0.1;
/** A book's best price and the last trade lie closer together than this; two instruments' hardly ever do. */
const DISTANCE_MAX = 0.005;

const PRICE: Readonly<Record<string, RegExp>> = {
  trade: /"p":\s*"([\d.]+)"/,
  aggTrade: /"p":\s*"([\d.]+)"/,
  bookTicker: /"b":\s*"([\d.]+)"/,
};
const BEST = /"(?:bids|asks)":\s*\[\s*\[\s*"([\d.]+)"/;

export function createAnonymousSnapshots<Item>(): AnonymousSnapshots<Item> {
  let last: { readonly channel: string; readonly payload: Buffer } | undefined;
  const found: { readonly item: Item; readonly best: number; price: number }[] = [];
  /** The newest of `found` still waits for a price of ours. */
  let isWaiting = false;

  function lastPrice(): number {
    return last === undefined ? Number.NaN : numberIn(last.payload, PRICE[last.channel]!);
  }

  return {
    see(channel, payload) {
      if (PRICE[channel] === undefined) return;
      last = { channel, payload };
      if (!isWaiting) return;
      for (const snapshot of found) if (Number.isNaN(snapshot.price)) snapshot.price = lastPrice();
      isWaiting = false;
    },
    add(item, payload) {
      const price = lastPrice();
      found.push({ item, best: numberIn(payload, BEST), price });
      isWaiting ||= Number.isNaN(price);
    },
    doubtful(othersShare) {
      if (othersShare <= OTHERS_SHARE_MAX) return [];
      const isOurs = (best: number, price: number): boolean => Math.abs(best - price) <= DISTANCE_MAX * price;
      return found.filter(({ best, price }) => !isOurs(best, price)).map(({ item }) => item);
    },
  };
}

function numberIn(payload: Buffer, pattern: RegExp): number {
  return Number(pattern.exec(payload.toString('latin1'))?.[1] ?? Number.NaN);
}
