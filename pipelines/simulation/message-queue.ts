/** Messages under way, by when they arrive; of equal times the one sent first. */
export interface MessageQueue<Message> {
  /** When the next arrives, µs; Infinity: none is under way. */
  readonly nextUs: number;
  push(arrivesUs: number, message: Message): void;
  /** @throws RangeError where none is under way */
  shift(): Message;
}

/** Arrived messages that are kept in front of the others until they are cleared away together. */
const CLEARED_AT = 64;

export function createMessageQueue<Message>(): MessageQueue<Message> {
  // Nearly in order already: one overtakes another only where their latencies differ.
  const messages: Message[] = [];
  const timesUs: number[] = [];
  let first = 0;
  // A plain property: it is looked at with every event of the market.
  const queue = {
    nextUs: Number.POSITIVE_INFINITY,
    push(arrivesUs: number, message: Message): void {
      let at = messages.length;
      while (at > first && timesUs[at - 1]! > arrivesUs) at--;
      if (at === messages.length) {
        messages.push(message);
        timesUs.push(arrivesUs);
      } else {
        messages.splice(at, 0, message);
        timesUs.splice(at, 0, arrivesUs);
      }
      queue.nextUs = timesUs[first]!;
    },
    shift(): Message {
      if (first === messages.length) throw new RangeError('message queue: expected a message under way, found none');
      const message = messages[first++]!;
      if (first === messages.length) {
        messages.length = 0;
        timesUs.length = 0;
        first = 0;
      } else if (first === CLEARED_AT) {
        messages.splice(0, first);
        timesUs.splice(0, first);
        first = 0;
      }
      queue.nextUs = first === messages.length ? Number.POSITIVE_INFINITY : timesUs[first]!;
      return message;
    },
  };
  return queue;
}
