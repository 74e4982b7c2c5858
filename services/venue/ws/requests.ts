import type { Connection } from './connection.ts';
import type { Delivery } from './delivery.ts';

/** Most streams that one connection may have [developers.binance.com, USD-M WebSocket market streams]. */
export const STREAMS_PER_CONNECTION_MAX = 1024;

const METHODS = ['SUBSCRIBE', 'UNSUBSCRIBE', 'LIST_SUBSCRIPTIONS', 'SET_PROPERTY', 'GET_PROPERTY'] as const;

/** A request that cannot be done, with Binance's code and words. */
class RequestError extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** Answers one text message of a client: the text to send back. */
export function answerRequest(
  text: string,
  target: Connection,
  delivery: Delivery,
  onSubscribed: (streams: readonly string[]) => void,
): string {
  let id: unknown;
  try {
    const request = parseRequest(text);
    id = requestId(request);
    return JSON.stringify({ result: perform(request, target, delivery, onSubscribed), id });
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    const body = { error: { code: error.code, msg: error.message } };
    return JSON.stringify(id === undefined ? body : { ...body, id });
  }
}

function parseRequest(text: string): Readonly<Record<string, unknown>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new RequestError(3, 'Invalid JSON: expected value at line 1 column 1');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new RequestError(2, 'Invalid request: expected an object');
  }
  return parsed as Record<string, unknown>;
}

/** An unsigned integer, a text of at most 36 characters, or null. */
function requestId(request: Readonly<Record<string, unknown>>): unknown {
  const id = request['id'] ?? null;
  const isValid =
    id === null ||
    (typeof id === 'number' && Number.isInteger(id) && id >= 0) ||
    (typeof id === 'string' && id.length <= 36);
  if (!isValid) throw new RequestError(2, 'Invalid request: request ID must be an unsigned integer');
  return id;
}

function perform(
  request: Readonly<Record<string, unknown>>,
  target: Connection,
  delivery: Delivery,
  onSubscribed: (streams: readonly string[]) => void,
): unknown {
  const method = request['method'];
  if (method === undefined) throw new RequestError(2, 'Invalid request: missing field `method` at line 1 column 2');
  switch (method as (typeof METHODS)[number]) {
    case 'SUBSCRIBE': {
      const streams = streamNames(request['params']);
      if (new Set([...target.streams, ...streams]).size > STREAMS_PER_CONNECTION_MAX) {
        throw new RequestError(2, 'Invalid request: too many parameters');
      }
      for (const stream of streams) delivery.subscribe(target, stream);
      onSubscribed(streams);
      return null;
    }
    case 'UNSUBSCRIBE':
      for (const stream of streamNames(request['params'])) delivery.unsubscribe(target, stream);
      return null;
    case 'LIST_SUBSCRIPTIONS':
      return [...target.streams];
    case 'SET_PROPERTY':
      target.isCombined = combinedValue(propertyParams(request['params'], 2)[1]);
      return null;
    case 'GET_PROPERTY':
      propertyParams(request['params'], 1);
      return target.isCombined;
    default:
      throw new RequestError(
        2,
        `Invalid request: unknown variant \`${String(method)}\`, expected one of ${METHODS.map((name) => `\`${name}\``).join(', ')} at line 1 column 28`,
      );
  }
}

function streamNames(params: unknown): readonly string[] {
  if (!Array.isArray(params)) throw new RequestError(2, 'Invalid request: missing field `params` at line 1 column 2');
  if (!params.every((name): name is string => typeof name === 'string')) {
    throw new RequestError(2, 'Invalid request: stream name must be a string');
  }
  return params;
}

function propertyParams(params: unknown, length: number): readonly unknown[] {
  if (!Array.isArray(params) || typeof params[0] !== 'string') {
    throw new RequestError(2, 'Invalid request: property name must be a string');
  }
  if (params[0] !== 'combined') throw new RequestError(0, 'Unknown property');
  if (params.length > length) throw new RequestError(2, 'Invalid request: too many parameters');
  return params;
}

function combinedValue(value: unknown): boolean {
  if (typeof value !== 'boolean') throw new RequestError(1, 'Invalid value type: expected Boolean');
  return value;
}
