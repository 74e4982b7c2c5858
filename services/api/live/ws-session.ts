import { z } from 'zod';
import { describeFieldError, type FieldError, ProblemError } from '../http/problem.ts';
import type { CheckTopics } from '../known-topics.ts';
import type { StreamClient } from './audience.ts';
import type { Hub } from './hub.ts';
import { type Position, parsePositions } from './position.ts';
import { parseTopics, type Topics } from './topics.ts';
import { WS_ENCODING } from './ws.ts';

/** Messages that wait behind one that is being carried out. */
const WAITING_MAX = 100;

const topics = z.array(z.string({ error: () => 'a list of topics' }), { error: () => 'a list of topics' });

const message = z.discriminatedUnion(
  'op',
  [
    z.strictObject({
      op: z.literal('subscribe'),
      topics,
      lastEventId: z.string({ error: () => 'the id of an event' }).optional(),
    }),
    z.strictObject({ op: z.literal('unsubscribe'), topics }),
    z.strictObject({ op: z.literal('ping') }),
  ],
  {
    error: (issue) => (issue.code === 'invalid_union' ? 'subscribe, unsubscribe or ping' : 'a JSON object with an op'),
  },
);

/** What a WebSocket client says and is answered. */
export interface WsSession {
  /** Carries the messages out one after another; an answer names what was wrong with one. */
  receive(text: string): void;
}

export function createWsSession(client: StreamClient, hub: Hub, checkTopics: CheckTopics): WsSession {
  const subscribed = new Set<string>();
  let waiting = 0;
  let work = Promise.resolve();

  const say = (answer: object): void => client.send([Buffer.from(JSON.stringify(answer))]);

  async function carryOut(text: string): Promise<void> {
    const request = readMessage(text);
    if (request.op === 'ping') return say({ op: 'pong' });
    if (request.op === 'unsubscribe') return unsubscribe(request.topics);
    return subscribe(request.topics, request.lastEventId);
  }

  async function subscribe(names: readonly string[], lastEventId: string | undefined): Promise<void> {
    const asked = valid(parseTopics(names));
    await checkTopics(asked);
    const from = lastEventId === undefined ? new Map<string, Position>() : resumed(asked, lastEventId);
    const all = valid(parseTopics([...new Set([...subscribed, ...names])]));
    for (const name of names) subscribed.add(name);
    say({ op: 'subscribed', topics: [...subscribed] });
    await hub.subscribe(client, { encoding: WS_ENCODING, topics: all, from });
  }

  /** A stream that flows already cannot go back: its events would come twice. */
  function resumed(asked: Topics, lastEventId: string): ReadonlyMap<string, Position> {
    const flows = subscribed.size === 0 ? undefined : valid(parseTopics([...subscribed])).byStream;
    const flowing = asked.streams.find((name) => flows?.has(name));
    if (flowing === undefined) return valid(parsePositions(lastEventId, asked.streams));
    throw refusal({
      field: 'lastEventId',
      expected: `topics of what is not subscribed yet, unlike ${flowing}`,
      found: lastEventId,
    });
  }

  async function unsubscribe(names: readonly string[]): Promise<void> {
    const unknown = names.find((name) => !subscribed.has(name));
    if (unknown !== undefined)
      throw refusal({ field: 'topics', expected: `one of ${[...subscribed].join(', ') || 'none'}`, found: unknown });
    for (const name of names) subscribed.delete(name);
    if (subscribed.size === 0) hub.unsubscribe(client);
    else
      await hub.subscribe(client, {
        encoding: WS_ENCODING,
        topics: valid(parseTopics([...subscribed])),
        from: new Map(),
      });
    say({ op: 'unsubscribed', topics: [...subscribed] });
  }

  return {
    receive(text) {
      if (waiting >= WAITING_MAX) return client.disconnect(`more than ${WAITING_MAX} messages wait to be carried out`);
      waiting++;
      work = work
        .then(() => carryOut(text))
        .catch((error: unknown) => say(errorAnswer(error)))
        .finally(() => {
          waiting--;
        });
    },
  };
}

function readMessage(text: string): z.infer<typeof message> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refusal({
      field: 'message',
      expected: 'a JSON object such as {"op":"subscribe","topics":["status"]}',
      found: text.slice(0, 200),
    });
  }
  const { success, data, error } = message.safeParse(value);
  if (success) return data;
  const issue = error.issues[0]!;
  const field = issue.path.map(String).join('/') || 'message';
  if (issue.code === 'unrecognized_keys')
    throw refusal({ field: issue.keys[0]!, expected: 'only op, topics and lastEventId', found: text.slice(0, 200) });
  throw refusal({ field, expected: issue.message, found: text.slice(0, 200) });
}

function errorAnswer(error: unknown): object {
  if (error instanceof ProblemError)
    return { op: 'error', kind: error.kind, detail: error.details.detail, errors: error.details.errors ?? [] };
  return { op: 'error', kind: 'internal', detail: 'the server failed; try again', errors: [] };
}

function refusal(error: FieldError): ProblemError {
  return new ProblemError('bad-request', { detail: describeFieldError(error), errors: [error] });
}

function valid<Value extends object>(value: Value | FieldError): Value {
  if ('expected' in value && 'found' in value) throw refusal(value);
  return value as Value;
}
