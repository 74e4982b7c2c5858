/** Messages under way, by when they arrive; of equal times the one sent first. */
export interface MessageQueue<Message> {
  /** When the next arrives, µs; Infinity: none is under way. */
  readonly nextUs: number;
  push(arrivesUs: number, message: Message): void;
  /** @throws where none is under way */
  shift(): Message;
}

export function createMessageQueue<Message>(): MessageQueue<Message> {
  // Nearly in order already: one overtakes another only where their latencies differ.
  const underWay: { readonly arrivesUs: number; readonly message: Message }[] = [];
  return {
    get nextUs() {
      return underWay.length === 0 ? Number.POSITIVE_INFINITY : underWay[0]!.arrivesUs;
    },
    push(arrivesUs, message) {
      let at = underWay.length;
      while (at > 0 && underWay[at - 1]!.arrivesUs > arrivesUs) at--;
      underWay.splice(at, 0, { arrivesUs, message });
    },
    shift() {
      const first = underWay.shift();
      if (first === undefined) throw new RangeError('message queue: expected a message under way, found none');
      return first.message;
    },
  };
}
