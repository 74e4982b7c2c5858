import type { CORRUPTIONS } from './rules.ts';

export type Corruption = (typeof CORRUPTIONS)[number];

/** A spoiled frame: either its payload is another, or the whole message as it goes onto the wire. */
export interface Spoiled {
  readonly payload: string;
  readonly mangle?: (frame: string) => string | Buffer;
}

/** 8 MB: more than any real frame, and more than some clients take. */
const HUGE_BYTES = 8 * 1024 * 1024;

/** Spoils a payload in one named way; a way that finds nothing to spoil in it cuts it off instead. */
export function corrupt(payload: string, how: Corruption): Spoiled {
  switch (how) {
    case 'truncate':
      return { payload, mangle: (frame) => frame.slice(0, Math.floor(frame.length / 2)) };
    case 'not-json':
      return { payload, mangle: () => 'upstream connect error or disconnect/reset before headers' };
    case 'concatenate':
      return { payload, mangle: (frame) => frame + frame };
    case 'binary':
      return { payload, mangle: (frame) => Buffer.from([0, 255, 254, ...Buffer.from(frame).subarray(0, 64)]) };
    case 'huge':
      return { payload, mangle: () => `{"e":"depthUpdate","x":"${'9'.repeat(HUGE_BYTES)}"}` };
    case 'bad-number':
      return replaced(payload, PRICE, '$1"12x4.5"');
    case 'empty-price':
      return replaced(payload, PRICE, '$1""');
    case 'negative-quantity':
      return replaced(payload, QUANTITY, '$1"-1.000"');
    case 'inverted-ids':
      return replaced(
        payload,
        /"U":\d+,"u":(\d+)/,
        (_all: string, last: string) => `"U":${Number(last) + 7},"u":${last}`,
      );
    case 'unsafe-id':
      return replaced(payload, /"(u|a|t)":\d+/, '"$1":8389766145050669870');
    case 'unknown-event':
      return replaced(payload, /"e":"\w+"/, '"e":"serverShutdown"');
    case 'new-field':
      return replaced(payload, /^\{/, '{"zz":{"new":[1,"2"]},');
  }
}

/** The first price of a book side, else the price of a trade, mark price or quote. */
const PRICE = /("[ba]":\[\[|"[pba]": ?)"[\d.]+"/;
const QUANTITY = /("[ba]":\[\["[\d.]+",|"[qBA]": ?)"[\d.]+"/;

function replaced(
  payload: string,
  pattern: RegExp,
  replacement: string | ((all: string, group: string) => string),
): Spoiled {
  const spoiled =
    typeof replacement === 'string' ? payload.replace(pattern, replacement) : payload.replace(pattern, replacement);
  return spoiled === payload ? corrupt(payload, 'truncate') : { payload: spoiled };
}
