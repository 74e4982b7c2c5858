import { type Connection, openConnection } from './api/connection.ts';
import type { ComputedFeature } from './market/computed-feature.ts';
import { type CustomSet, readCustomRow } from './market/custom-feature.ts';

/** Rows of custom features as they are derived, from a stream of their own. */
export interface CustomStream {
  /** Follows those of these that are custom, and no others any more. */
  follow(computed: readonly ComputedFeature[]): void;
  close(): void;
}

export function createCustomStream(instrument: string): CustomStream {
  let connection: Connection | null = null;
  let followed: readonly ComputedFeature[] = [];

  function close(): void {
    connection?.close();
    connection = null;
    followed = [];
  }

  return {
    follow(computed) {
      const custom = computed.filter(({ feature }) => feature.custom?.set != null);
      const isSame = custom.length === followed.length && custom.every((feature, at) => feature === followed[at]);
      if (isSame) return;
      close();
      followed = custom;
      if (custom.length === 0) return;
      const byTopic = new Map(custom.map((feature) => [topicOf(instrument, feature.feature.custom!.set!), feature]));
      connection = openConnection({
        topics: [...byTopic.keys()],
        onEvent(topic, row) {
          const { feature, feed } = byTopic.get(topic)!;
          feed.samples.put(readCustomRow(feature.custom!.set!, feature.isOfBars)(row));
        },
        // What was missed is asked for; and where a stream cannot be had, so is everything, if more seldom.
        onFlow() {
          for (const { feed } of byTopic.values()) feed.wake();
        },
        onState() {},
        onRefused() {},
      });
    },
    close,
  };
}

function topicOf(instrument: string, { id }: CustomSet): string {
  return `features:${instrument}:${id}`;
}
