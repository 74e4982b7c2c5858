import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { UserAccount } from '../private/user-account.ts';
import type { SentRecording } from './recording.ts';
import { type VenueParts, venueState } from './state.ts';

const BODY_BYTES_MAX = 16 * 1024 * 1024;

const emitSchema = z.strictObject({
  stream: z.string().min(1),
  /** The text itself, or an object to be written as JSON. */
  payload: z.union([z.string(), z.record(z.string(), z.unknown())]),
});
const liquidateSchema = z.strictObject({
  symbol: z.string().min(1),
  side: z.enum(['BUY', 'SELL']),
  qty: z.string().regex(/^\d+(\.\d+)?$/, 'must be a decimal text'),
});
const accountSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9_-]{1,32}$/, 'must have 1 to 32 letters, digits, _ or -'),
  /** USDT; of a deposit negative to take it out. */
  amount: z.number().gte(-1e7).lte(1e7),
});
const recordSchema = z.strictObject({ limit: z.number().int().positive().max(2_000_000).default(100_000) });

/**
 * The local control route: `/control/state`, `/control/faults[/id]`, `/control/emit`, `/control/liquidate`,
 * `/control/record`, `/control/play`, `/control/accounts`, `/control/deposit`. Refuses what a web page in a browser could send.
 */
export async function handleControl(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  parts: VenueParts,
  recording: SentRecording,
): Promise<void> {
  const send = (status: number, body: unknown): void => {
    const text = JSON.stringify(body);
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
    response.end(text);
  };
  if (request.headers.origin !== undefined)
    return send(403, { error: 'origin: control requests must not come from a web page' });
  try {
    const answer = await control(request, url, parts, recording);
    return answer === undefined
      ? send(404, { error: `${request.method} ${url.pathname}: no such control route` })
      : send(200, answer);
  } catch (error) {
    if (error instanceof RangeError) return send(400, { error: error.message });
    throw error;
  }
}

async function control(
  request: IncomingMessage,
  url: URL,
  parts: VenueParts,
  recording: SentRecording,
): Promise<unknown> {
  const { faults, delivery, source } = parts;
  const route = `${request.method} ${url.pathname}`;
  switch (route) {
    case 'GET /control/state':
      return venueState(parts);
    case 'GET /control/faults':
      return faults.list();
    case 'POST /control/faults':
      return faults.add(await jsonBody(request));
    case 'DELETE /control/faults':
      faults.clear();
      return faults.list();
    case 'POST /control/emit': {
      const { stream, payload } = checked(emitSchema, await jsonBody(request));
      const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
      return { connections: delivery.emit(stream, text) };
    }
    case 'POST /control/liquidate': {
      const { symbol, side, qty } = checked(liquidateSchema, await jsonBody(request));
      return { liquidated: source.liquidate(symbol, side, qty) };
    }
    case 'GET /control/record':
      return recording.read(url.searchParams.get('stream') ?? undefined);
    case 'POST /control/record':
      recording.begin(checked(recordSchema, await jsonBody(request)).limit);
      return recording.read();
    case 'DELETE /control/record':
      recording.end();
      return { recording: false };
    case 'GET /control/accounts':
      return [...parts.side.accounts.values()].map(keysOf);
    case 'POST /control/accounts': {
      const { name, amount } = checked(accountSchema, await jsonBody(request));
      return keysOf(parts.side.open({ name, balanceE8: Math.round(amount * 1e8) }));
    }
    case 'POST /control/deposit': {
      const { name, amount } = checked(accountSchema, await jsonBody(request));
      return keysOf(parts.side.deposit(name, Math.round(amount * 1e8)));
    }
    case 'POST /control/play':
      source.play();
      return { source: source.state() };
  }
  const id = /^DELETE \/control\/faults\/(\d+)$/.exec(route)?.[1];
  if (id === undefined) return undefined;
  if (!faults.remove(Number(id))) throw new RangeError(`id: no fault ${id}`);
  return faults.list();
}

function keysOf({ name, apiKey, secret, state }: UserAccount): Record<string, unknown> {
  return { name, apiKey, secret, walletE8: state.walletE8 };
}

function checked<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new RangeError(
    parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`).join('; '),
  );
}

/** An empty body counts as `{}`. @throws RangeError when it is no JSON or too long. */
async function jsonBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) throw new RangeError(`body: must have at most ${BODY_BYTES_MAX} bytes`);
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString();
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new RangeError(`body: must be JSON (${(error as Error).message})`);
  }
}
