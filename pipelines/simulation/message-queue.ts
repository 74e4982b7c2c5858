/** Messages under way, by when they arrive; of equal times the one sent first. */
export interface MessageQueue<Message> {
  /** When the next arrives, µs; Infinity: none is under way. */
  readonly nextUs: number;
  push(arrivesUs: number, message: Message): void;
  /** The same, but over one connection: it does not overtake what was sent before, and comes with it at the earliest. */
  send(arrivesUs: number, message: Message): void;
  /** @throws RangeError where none is under way */
  shift(): Message;
}

/** Room at first; a power of two, as it stays. */
const ROOM = 16;

export function createMessageQueue<Message>(): MessageQueue<Message> {
  // A ring: a list that is emptied and filled again and again would be given memory each time.
  let messages: (Message | undefined)[] = Array(ROOM).fill(undefined);
  let timesUs = new Float64Array(ROOM);
  let last = ROOM - 1;
  let first = 0;
  let count = 0;
  let sentUs = Number.NEGATIVE_INFINITY;

  function makeRoom(): void {
    const length = messages.length;
    messages = Array.from({ length: 2 * length }, (_, n) => (n < length ? messages[(first + n) & last] : undefined));
    timesUs = Float64Array.from({ length: 2 * length }, (_, n) => (n < length ? timesUs[(first + n) & last]! : 0));
    last = 2 * length - 1;
    first = 0;
  }

  // A plain property: it is looked at with every event of the market.
  const queue = {
    nextUs: Number.POSITIVE_INFINITY,
    push(arrivesUs: number, message: Message): void {
      if (count > last) makeRoom();
      // Nearly in order already: one overtakes another only where their latencies differ.
      let at = first + count;
      for (; at > first && timesUs[(at - 1) & last]! > arrivesUs; at--) {
        timesUs[at & last] = timesUs[(at - 1) & last]!;
        messages[at & last] = messages[(at - 1) & last];
      }
      timesUs[at & last] = arrivesUs;
      messages[at & last] = message;
      count++;
      queue.nextUs = timesUs[first]!;
    },
    send(arrivesUs: number, message: Message): void {
      sentUs = Math.max(sentUs, arrivesUs);
      queue.push(sentUs, message);
    },
    shift(): Message {
      if (count === 0) throw new RangeError('message queue: expected a message under way, found none');
      const message = messages[first]!;
      messages[first] = undefined;
      first = (first + 1) & last;
      count--;
      queue.nextUs = count === 0 ? Number.POSITIVE_INFINITY : timesUs[first]!;
      return message;
    },
  };
  return queue;
}
