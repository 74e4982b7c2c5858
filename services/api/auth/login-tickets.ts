import { createHash, randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';

/** Long enough to go from the terminal to the browser. */
export const TICKET_SECONDS = 600;

const TICKET = /^[\w-]{43}$/;

/** The ticket of a one-time login link; it is good for `TICKET_SECONDS` or until it is used, on any API server. */
export async function createTicket(redis: Redis, keyId: string): Promise<string> {
  const ticket = randomBytes(32).toString('base64url');
  await redis.set(ticketKey(ticket), keyId, 'EX', TICKET_SECONDS);
  return ticket;
}

/** The key id that the ticket was made for, once; undefined where there is no such ticket, or no more. */
export async function useTicket(redis: Redis, ticket: string): Promise<string | undefined> {
  if (!TICKET.test(ticket)) return undefined;
  return (await redis.getdel(ticketKey(ticket))) ?? undefined;
}

/** Only the hash is stored: who can read Redis cannot log in with it. */
function ticketKey(ticket: string): string {
  return `don:login-ticket:${createHash('sha256').update(ticket).digest('hex')}`;
}
