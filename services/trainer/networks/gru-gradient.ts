import type { Backend } from '../backend/backend.ts';
import { denseGradient } from './dense-gradient.ts';
import { type GruPlan, gruGates, openGates } from './gru.ts';

/** Several sequences side by side; rows are `step × count + sequence`. */
export interface Sequences {
  readonly count: number;
  /** float32[count, units]: with which they begin. */
  readonly states: Float32Array;
  /** uint8[steps × count]: 1 where an episode begins, and the state before is nothing. */
  readonly begins: Uint8Array;
}

/** The states along sequences, and what a loss changes by with the parameters. */
export interface GruGradient {
  /** From float32[steps × count, plan.inputs] to float32[steps × count, plan.units]. */
  readonly forward: (inputs: Float32Array, sequences: Sequences) => Float32Array;
  /**
   * Writes the gradient of the parameters, for the sequences of the last `forward`, by going back through their steps; what
   * they began with is taken as given.
   * @param outputGradient float32[steps × count, plan.units]
   */
  readonly backward: (outputGradient: Float32Array) => void;
  /** Of the loss by the inputs, after `backward`: float32[steps × count, plan.inputs]. */
  readonly inputGradient: () => Float32Array;
}

/**
 * Back-propagation through time by hand. What does not wait for the step before is one product over all steps; only that of
 * the states is one a step.
 * @param gradient where the parameters' gradient is written, laid out as they are
 * @see Werbos (1990), "Backpropagation Through Time: What It Does and How to Do It"
 */
export function gruGradient(
  backend: Backend,
  plan: GruPlan,
  parameters: Float32Array,
  gradient: Float32Array,
): GruGradient {
  const { units } = plan;
  const [fromInput, fromState] = plan.layers.map((layer) => denseGradient(backend, layer, parameters, gradient));
  const gates = gruGates(units);
  let now = passOf(new Float32Array(0), { count: 0, states: new Float32Array(0), begins: new Uint8Array(0) }, plan);

  return {
    forward: (inputs, sequences) => {
      const { count, states, begins } = sequences;
      now = passOf(inputs, sequences, plan);
      const { before, resets, updates, news, remembered } = now;
      const outputs = new Float32Array(before.length);
      const a = fromInput!.forward(inputs);
      for (let first = 0; first < begins.length; first += count) {
        const last = first === 0 ? states : outputs.subarray((first - count) * units, first * units);
        const entering = before.subarray(first * units, (first + count) * units);
        for (let n = 0; n < count; n++)
          if (begins[first + n] === 0) entering.set(last.subarray(n * units, (n + 1) * units), n * units);
        const u = fromState!.forward(entering);
        for (let n = 0; n < count; n++) {
          const row = (first + n) * units;
          const ownA = a.subarray((first + n) * 3 * units, (first + n + 1) * 3 * units);
          const ownU = u.subarray(n * 3 * units, (n + 1) * 3 * units);
          openGates(gates, ownA, ownU, 0);
          resets.set(gates.reset, row);
          updates.set(gates.update, row);
          news.set(gates.fresh, row);
          remembered.set(ownU.subarray(2 * units), row);
          for (let k = 0; k < units; k++) {
            const z = gates.update[k]!;
            outputs[row + k] = (1 - z) * gates.fresh[k]! + z * before[row + k]!;
          }
        }
      }
      return outputs;
    },
    backward: (outputGradient) => {
      const { inputs, sequences, before, resets, updates, news, remembered, byA, byU } = now;
      const { count, begins } = sequences;
      /** Of the loss, by the state that the step passes on. */
      const later = new Float32Array(count * units);
      for (let first = begins.length - count; first >= 0; first -= count) {
        for (let n = 0; n < count; n++) {
          const at = (first + n) * 3 * units;
          for (let k = 0; k < units; k++) {
            const row = (first + n) * units + k;
            const [r, z, fresh, h] = [resets[row]!, updates[row]!, news[row]!, before[row]!];
            const byState = outputGradient[row]! + later[n * units + k]!;
            const byNew = byState * (1 - z) * (1 - fresh * fresh);
            byA[at + k] = byNew * remembered[row]! * r * (1 - r);
            byA[at + units + k] = byState * (h - fresh) * z * (1 - z);
            byA[at + 2 * units + k] = byNew;
            byU[at + k] = byA[at + k]!;
            byU[at + units + k] = byA[at + units + k]!;
            byU[at + 2 * units + k] = byNew * r;
            later[n * units + k] = byState * z;
          }
        }
        if (first === 0) break;
        const through = fromState!.through(byU.subarray(first * 3 * units, (first + count) * 3 * units));
        for (let n = 0; n < count; n++)
          for (let k = 0; k < units; k++) {
            const i = n * units + k;
            later[i] = begins[first + n] === 1 ? 0 : later[i]! + through[i]!;
          }
      }
      fromState!.backward(before, byU);
      fromInput!.backward(inputs, byA);
    },
    inputGradient: () => fromInput!.through(now.byA),
  };
}

/** What `forward` leaves for `backward`, of each row. */
interface Pass {
  readonly inputs: Float32Array;
  readonly sequences: Sequences;
  /** The state that the row begins with. */
  readonly before: Float32Array;
  /** r, z, n and uₙ. */
  readonly resets: Float32Array;
  readonly updates: Float32Array;
  readonly news: Float32Array;
  readonly remembered: Float32Array;
  /** Of the loss, by a and by u. */
  readonly byA: Float32Array;
  readonly byU: Float32Array;
}

function passOf(inputs: Float32Array, sequences: Sequences, { units }: GruPlan): Pass {
  const numbers = (parts: number): Float32Array => new Float32Array(sequences.begins.length * units * parts);
  return {
    inputs,
    sequences,
    before: numbers(1),
    resets: numbers(1),
    updates: numbers(1),
    news: numbers(1),
    remembered: numbers(1),
    byA: numbers(3),
    byU: numbers(3),
  };
}
