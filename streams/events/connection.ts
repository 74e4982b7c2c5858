import { DecodeError } from './decode-error.ts';
import { excerpt } from './field-scanner.ts';

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
  if (!Array.isArray(channels) || !channels.every((item) => typeof item === 'string'))
    throw new DecodeError(type, 'channels', 'an array of channels', JSON.stringify(channels) ?? 'nothing');
  if (typeof connection !== 'number')
    throw new DecodeError(type, 'connection', 'a number', JSON.stringify(connection) ?? 'nothing');
  return { type, channels, connection, reason: typeof reason === 'string' ? reason : null };
}
