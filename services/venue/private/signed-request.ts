import { createHmac, timingSafeEqual } from 'node:crypto';
import { ApiError, mandatoryParameter } from '../rest/api-error.ts';
import type { UserAccount } from './user-account.ts';

/** A request as it came, before anything of it is believed. */
export interface RawRequest {
  /** Header `X-MBX-APIKEY`. */
  readonly apiKey: string | undefined;
  /** Without the question mark. */
  readonly query: string;
  readonly body: string;
}

const RECV_WINDOW_MS = 5_000;
const RECV_WINDOW_MOST_MS = 60_000;
/** A request may be so much ahead of the venue's clock. */
const AHEAD_MS = 1_000;

/** The account that a key belongs to. @throws ApiError 401, −2014 or −2015 */
export function accountOfKey(accounts: ReadonlyMap<string, UserAccount>, { apiKey }: RawRequest): UserAccount {
  if (apiKey === undefined || apiKey === '') throw new ApiError(401, -2014, 'API-key format invalid.');
  const account = accounts.get(apiKey);
  if (account === undefined) throw new ApiError(401, -2015, 'Invalid API-key, IP, or permissions for action.');
  return account;
}

/**
 * Whether a request was signed by the account just now: HMAC SHA-256 over the query and the body without their signature,
 * and a timestamp within `recvWindow` of the venue's clock.
 * @throws ApiError −1102, −1131, −1021 or −1022
 */
export function checkSignature(account: UserAccount, { query, body }: RawRequest, nowMs: number): void {
  const params = new URLSearchParams(`${query}&${body}`);
  const timestamp = wholeNumber(params, 'timestamp');
  if (timestamp === undefined) throw mandatoryParameter('timestamp');
  const signature = params.get('signature');
  if (signature === null || signature === '') throw mandatoryParameter('signature');
  const recvWindow = wholeNumber(params, 'recvWindow') ?? RECV_WINDOW_MS;
  if (recvWindow > RECV_WINDOW_MOST_MS) throw new ApiError(400, -1131, 'recvWindow must be less than 60000');
  if (timestamp > nowMs + AHEAD_MS)
    throw new ApiError(400, -1021, "Timestamp for this request was 1000ms ahead of the server's time.");
  if (timestamp < nowMs - recvWindow)
    throw new ApiError(400, -1021, 'Timestamp for this request is outside of the recvWindow.');
  const signed = unsigned(query) + unsigned(body);
  const expected = createHmac('sha256', account.secret).update(signed).digest();
  const found = Buffer.from(signature, 'hex');
  if (found.length !== expected.length || !timingSafeEqual(found, expected))
    throw new ApiError(400, -1022, 'Signature for this request is not valid.');
}

function unsigned(part: string): string {
  return part
    .split('&')
    .filter((pair) => !pair.startsWith('signature='))
    .join('&');
}

function wholeNumber(params: URLSearchParams, name: string): number | undefined {
  const text = params.get(name);
  if (text === null || text === '') return undefined;
  if (!/^\d{1,16}$/.test(text)) throw mandatoryParameter(name);
  return Number(text);
}
