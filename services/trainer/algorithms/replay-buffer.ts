/** What was experienced: an observation, what was done, what it gave, and what came of it. */
export interface Transition {
  readonly observation: Float32Array;
  readonly action: Float32Array;
  /** Sum of the rewards up to the next observation, discounted. */
  readonly reward: number;
  readonly nextObservation: Float32Array;
  /** What the next observation's value counts for: 0 where the episode ended by itself before it. */
  readonly discount: number;
}

/** Rows of transitions: float32[rows, observationSize] and so on. */
export interface TransitionRows {
  readonly observations: Float32Array;
  readonly actions: Float32Array;
  readonly rewards: Float32Array;
  readonly nextObservations: Float32Array;
  readonly discounts: Float32Array;
}

export interface ReplayState extends TransitionRows {
  /** Where the next one goes. */
  readonly at: number;
}

/** The latest transitions, up to a number of them. */
export interface ReplayBuffer {
  readonly count: () => number;
  /** @returns the place it was put at, where the oldest one was */
  readonly add: (transition: Transition) => number;
  readonly rows: (places: Uint32Array) => TransitionRows;
  readonly state: () => ReplayState;
}

export function replayBuffer(
  sizes: { readonly capacity: number; readonly observation: number; readonly action: number },
  from?: ReplayState,
): ReplayBuffer {
  const { capacity, observation, action } = sizes;
  const observations = new Float32Array(capacity * observation);
  const actions = new Float32Array(capacity * action);
  const rewards = new Float32Array(capacity);
  const nextObservations = new Float32Array(capacity * observation);
  const discounts = new Float32Array(capacity);
  let at = from?.at ?? 0;
  let count = from?.rewards.length ?? 0;
  if (from !== undefined) {
    observations.set(from.observations);
    actions.set(from.actions);
    rewards.set(from.rewards);
    nextObservations.set(from.nextObservations);
    discounts.set(from.discounts);
  }
  return {
    count: () => count,
    add: (transition) => {
      const place = at;
      observations.set(transition.observation, place * observation);
      actions.set(transition.action, place * action);
      rewards[place] = transition.reward;
      nextObservations.set(transition.nextObservation, place * observation);
      discounts[place] = transition.discount;
      at = (at + 1) % capacity;
      count = Math.min(count + 1, capacity);
      return place;
    },
    rows: (places) => ({
      observations: gather(observations, places, observation),
      actions: gather(actions, places, action),
      rewards: gather(rewards, places, 1),
      nextObservations: gather(nextObservations, places, observation),
      discounts: gather(discounts, places, 1),
    }),
    state: () => ({
      at,
      observations: observations.slice(0, count * observation),
      actions: actions.slice(0, count * action),
      rewards: rewards.slice(0, count),
      nextObservations: nextObservations.slice(0, count * observation),
      discounts: discounts.slice(0, count),
    }),
  };
}

/** The named rows of a matrix of `size` columns, one after the other. */
export function gather(from: Float32Array, rows: Uint32Array, size: number): Float32Array {
  const gathered = new Float32Array(rows.length * size);
  for (let n = 0; n < rows.length; n++)
    for (let i = 0; i < size; i++) gathered[n * size + i] = from[rows[n]! * size + i]!;
  return gathered;
}
