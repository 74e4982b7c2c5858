import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { requestParams } from '../../../../services/venue/private/request-params.ts';
import type { Venue } from '../../../../services/venue/venue.ts';
import { smallVenue } from '../../venue/private/small-venue.ts';

/** A request that has this header is the test's own, not the trader's. */
export const TEST_HEADER = 'x-don-test';

/** The request weight of the traders of a venue in this process. */
export interface TraderWeight {
  /** The most in one minute of the clock, as the exchange counts it. */
  most(): number;
  /** Counts no more. */
  end(): void;
}

const MINUTE_MS = 60_000;
const CHANNEL = 'http.server.request.start';

/** Weighs each request that is sent with a key to the venue from now on, but for those of the test. */
export function weighTraders({ port }: Venue): TraderWeight {
  const { side } = smallVenue();
  side.close();
  const minutes = new Map<number, number>();

  function weigh(message: unknown): void {
    const { method, url = '', headers, socket } = (message as { readonly request: IncomingMessage }).request;
    if (socket.localPort !== port || headers['x-mbx-apikey'] === undefined || TEST_HEADER in headers) return;
    const { pathname, searchParams } = new URL(url, 'http://venue');
    const params = requestParams((name) => searchParams.get(name));
    // Without a route of accounts it is a public request: the time, or funding rates.
    const weight = side.routes.get(`${method} ${pathname}`)?.weight(params) ?? 1;
    const minute = Math.floor(Date.now() / MINUTE_MS);
    minutes.set(minute, (minutes.get(minute) ?? 0) + weight);
  }

  subscribe(CHANNEL, weigh);
  return {
    most: () => Math.max(0, ...minutes.values()),
    end: () => void unsubscribe(CHANNEL, weigh),
  };
}
