import type { RequestParams } from './request-params.ts';
import type { UserAccount } from './user-account.ts';

/** A request of an account, by method and path: `POST /fapi/v1/order`. */
export interface PrivateRoute {
  readonly weight: (params: RequestParams) => number;
  /** False where a key is enough, as for listen keys. */
  readonly isSigned: boolean;
  /** How many orders it counts for. */
  readonly orders: (params: RequestParams) => number;
  /** Turned away while the venue is overloaded, unless it makes a position smaller or takes an order away. */
  readonly mayBeThrottled: (params: RequestParams) => boolean;
  /** @throws ApiError */
  readonly answer: (account: UserAccount, params: RequestParams) => unknown;
}

export type PrivateRoutes = ReadonlyMap<string, PrivateRoute>;

/** A request that reads, or changes no order. */
export function plainRoute(weight: number, answer: PrivateRoute['answer'], isSigned = true): PrivateRoute {
  return { weight: () => weight, isSigned, orders: () => 0, mayBeThrottled: () => false, answer };
}
