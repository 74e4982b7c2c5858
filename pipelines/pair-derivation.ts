import { deserialize, serialize } from 'node:v8';
import { type FeatureSetState, type FeatureVector, featureSet } from '../operators/features/feature-set.ts';
import type { FeatureSet } from '../operators/features/resolve-feature-set.ts';
import type { Entry } from '../streams/entry.ts';
import type { EventPlace } from '../streams/events/logged-event.ts';
import { NO_SCALE, type Scale } from '../streams/events/scale.ts';
import { createPairInputs, type SavedPairInputs } from './pair-inputs.ts';

/** From the logs of two instruments to what a set of both says; or from one log, to what a set of one says. */
export interface PairDerivation {
  /**
   * Entries of both logs in the order of their ids.
   * @param log 0: the instrument's own, 1: the other's
   */
  push(log: number, entry: Entry): void;
  /** Entries of the log were lost before what comes next. */
  pushLoss(log: number): void;
  /** Its state after the last entry, so that another one can go on from there. */
  save(): Uint8Array;
}

export interface PairDerivationOptions {
  readonly set: FeatureSet;
  /** Called in log order. */
  readonly onVector: (vector: FeatureVector, at: EventPlace, scale: Scale) => void;
  /** What `save` gave. */
  readonly saved?: Uint8Array | undefined;
}

interface Saved {
  readonly inputs: SavedPairInputs;
  readonly state: FeatureSetState;
}

/** What a set of two is folded from. */
const CHANNELS = ['depth', 'aggTrade', 'trade'];

export function createPairDerivation({ set, onVector, saved }: PairDerivationOptions): PairDerivation {
  const { initialState, evolve, project } = featureSet(set);
  const from: Saved | undefined = saved === undefined ? undefined : deserialize(saved);
  let state = from?.state ?? initialState();
  let place: EventPlace = { entryId: '0-0', index: 0, receiveTimeUs: 0, channel: '' };
  const start = from && { own: { saved: from.inputs.own }, other: { saved: from.inputs.other } };
  const inputs = createPairInputs((input) => {
    state = evolve(state, input);
    const vector = project(state, input);
    if (vector !== undefined) onVector(vector, place, inputs.scale ?? NO_SCALE);
  }, start);

  return {
    push(log, { entryId, events }) {
      for (let index = 0; index < events.length; index++) {
        const { channel, payload, receiveTimeUs } = events[index]!;
        place = { entryId, index, receiveTimeUs, channel };
        inputs.push(log, channel, payload);
      }
    },
    pushLoss(log) {
      for (const channel of CHANNELS) {
        const gap = { channel, expected: null, found: null, reason: 'trimmed' };
        inputs.push(log, 'gap', Buffer.from(JSON.stringify(gap)));
      }
    },
    save: () => serialize({ inputs: inputs.save(), state } satisfies Saved),
  };
}
