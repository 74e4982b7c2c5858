import type { ListenKeys } from './listen-keys.ts';
import { type PrivateRoute, plainRoute } from './private-route.ts';
import { refused } from './refusals.ts';

/** The life of a listen key. A key of the account is enough: these requests are not signed. */
export function streamRoutes(keys: ListenKeys, onClosed: (listenKey: string) => void): [string, PrivateRoute][] {
  return [
    ['POST /fapi/v1/listenKey', plainRoute(1, (account) => ({ listenKey: keys.obtain(account) }), false)],
    [
      'PUT /fapi/v1/listenKey',
      plainRoute(
        1,
        (account) => {
          const listenKey = keys.keepAlive(account);
          if (listenKey === undefined) throw refused(-1125);
          return { listenKey };
        },
        false,
      ),
    ],
    [
      'DELETE /fapi/v1/listenKey',
      plainRoute(
        1,
        (account) => {
          const listenKey = keys.close(account);
          if (listenKey !== undefined) onClosed(listenKey);
          return {};
        },
        false,
      ),
    ],
  ];
}
