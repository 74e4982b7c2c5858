import { DecodeError, describeValue, excerpt } from './decode-error.ts';

/** The recorder began or ceased to receive these channels. */
export interface Connection {
  readonly type: 'connected' | 'disconnected';
  readonly channels: readonly string[];
  /** Counts the recorder's connections. */
  readonly connection: number;
  /** Why it ended; null for `connected`. */
  readonly reason: string | null;
}

/** Decoder of our own `connected` and `disconnected` payloads. */
export function decodeConnection(type: 'connected' | 'disconnected', payload: Uint8Array): Connection {
  const text = Buffer.from(payload.buffer, payload.byteOffset, payload.length).toString();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new DecodeError(type, '', 'a JSON object', excerpt(payload, 0, payload.length));
  }
  const { channels, connection, reason } = Object(value) as Record<string, unknown>;
  const refuse = (field: string, expected: string, found: unknown): DecodeError =>
    new DecodeError(type, field, expected, describeValue(found));
  if (!Array.isArray(channels) || !channels.every((item) => typeof item === 'string'))
    throw refuse('channels', 'an array of channels', channels);
  if (!Number.isSafeInteger(connection)) throw refuse('connection', 'an integer', connection);
  if (reason != null && typeof reason !== 'string') throw refuse('reason', 'a text', reason);
  return { type, channels, connection: Number(connection), reason: reason ?? null };
}
