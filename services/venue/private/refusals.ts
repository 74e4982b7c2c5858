import { AccountRefusal } from '../../../operators/account/account-refusal.ts';
import { ApiError } from '../rest/api-error.ts';

/** Binance's words for the codes that trading is refused with; `{}` is filled in. */
const WORDS: Readonly<Record<number, string>> = {
  [-1106]: "Parameter '{}' sent when not required.",
  [-1111]: 'Precision is over the maximum defined for this asset.',
  [-1115]: 'Invalid timeInForce.',
  [-1116]: 'Invalid orderType.',
  [-1117]: 'Invalid side.',
  [-1121]: 'Invalid symbol.',
  [-1125]: 'This listenKey does not exist.',
  [-2007]: 'Invalid callBack rate',
  [-2011]: 'Unknown order sent.',
  [-2013]: 'Order does not exist.',
  [-2018]: 'Balance is insufficient.',
  [-2019]: 'Margin is insufficient.',
  [-2020]: 'Unable to fill.',
  [-2021]: 'Order would immediately trigger.',
  [-2022]: 'ReduceOnly Order is rejected.',
  [-2025]: 'Reach max open order limit.',
  [-2027]: 'Exceeded the maximum allowable position at current leverage.',
  [-2028]: 'Leverage is smaller than permitted: insufficient margin balance.',
  [-4001]: 'Price less than 0.',
  [-4002]: 'Price greater than max price.',
  [-4003]: 'Quantity less than or equal to zero.',
  [-4004]: 'Quantity less than min quantity.',
  [-4005]: 'Quantity greater than max quantity.',
  [-4006]: 'Stop price less than zero.',
  [-4013]: 'Price less than min price.',
  [-4014]: 'Price not increased by tick size.',
  [-4015]: 'Client order id is not valid.',
  [-4016]: "Limit price can't be higher than {}.",
  [-4023]: 'Qty not increased by step size.',
  [-4024]: "Limit price can't be lower than {}.",
  [-4028]: 'Leverage {} is not valid',
  [-4045]: 'Reach max stop order limit.',
  [-4046]: 'No need to change margin type.',
  [-4047]: 'Margin type cannot be changed if there exists open orders.',
  [-4048]: 'Margin type cannot be changed if there exists position.',
  [-4049]: 'Add margin only support for isolated position.',
  [-4050]: 'Cross balance insufficient.',
  [-4051]: 'Isolated balance insufficient.',
  [-4054]: 'Cannot add position margin: position is 0.',
  [-4055]: 'Amount must be positive.',
  [-4059]: 'No need to change position side.',
  [-4060]: 'Invalid position side.',
  [-4061]: "Order's position side does not match user's setting.",
  [-4067]: 'Position side cannot be changed if there exists open orders.',
  [-4068]: 'Position side cannot be changed if there exists position.',
  [-4116]: 'ClientOrderId is duplicated.',
  [-4120]: 'Order type not supported for this endpoint. Please use the Algo Order API endpoints instead.',
  [-4130]: 'An open stop or take profit order with GTE and closePosition in the direction is existing.',
  [-4131]: "The counterparty's best price does not meet the PERCENT_PRICE filter limit.",
  [-4135]: 'Invalid activation price',
  [-4136]: 'Target strategy invalid for orderType {},closePosition true',
  [-4137]: 'Quantity must be zero with closePosition equals true',
  [-4161]: 'Leverage reduction is not supported in Isolated Margin Mode with open positions.',
  [-4164]: "Order's notional must be no smaller than {} (unless you choose reduce only).",
  [-4509]: 'Time in Force (TIF) GTE can only be used with open positions. Please ensure that positions are available.',
  [-5021]:
    'Due to the order could not be filled immediately, the FOK order has been rejected. The order will not be recorded in the order history',
  [-5022]:
    'Due to the order could not be executed as maker, the Post Only order will be rejected. The order will not be recorded in the order history',
  [-5027]: 'No need to modify the order.',
  [-5040]: 'GoodTillDate must be at least 600 seconds after the current time.',
};

/** A refusal with Binance's words for its code. */
export function refused(code: number, detail: string | number = ''): ApiError {
  return new ApiError(400, code, (WORDS[code] ?? 'Illegal request.').replace('{}', String(detail)));
}

/** Does what may be refused by an account, and says so as Binance does. */
export function asAnswered<Result>(action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    if (error instanceof AccountRefusal && error.code !== null) throw refused(error.code, error.found);
    throw error;
  }
}
