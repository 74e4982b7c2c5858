import type { Step } from '../../../pipelines/environment/environment.ts';
import { createPassNotes, type Decide, type Pass } from '../run/pass.ts';
import { type BookTerms, bookEnvironment, type OtherHands } from './book-data.ts';
import type { BookPart } from './book-part.ts';

/** A pass with its decisions. */
export interface BookPass extends Pass {
  readonly actions: readonly (number | Float32Array)[];
  /** Share of the decisions at which the book was valid. */
  readonly validShare: number;
}

export type BookDecide = (observation: Float32Array) => ReturnType<Decide>;

/**
 * Lets someone decide over a whole part, once from its beginning to its end, through the same environment that agents are
 * trained in.
 */
export function passOverBook(terms: BookTerms, part: BookPart, decide: BookDecide, hands?: OtherHands): BookPass {
  const { tape, warmUpMs } = part.whole;
  const environment = bookEnvironment(terms, tape, { begin: 'first', mayCrossInvalid: true, warmUpMs }, 1, hands);
  const notes = createPassNotes();
  const actions: (number | Float32Array)[] = [];
  let [changes, valid] = [0, 0];
  const note = ({ info, observation }: Pick<Step, 'info' | 'observation'>): void => {
    notes.add(info);
    valid += observation[0]!;
  };
  let said = environment.reset({ seed: 1 }) as Step;
  note(said);
  for (let isOver = false; !isOver; isOver = said.terminated || said.truncated) {
    const action = decide(said.observation);
    if (actions.length > 0 && !isSame(action, actions.at(-1)!)) changes++;
    actions.push(typeof action === 'number' ? action : action.slice());
    said = environment.step(action);
    note(said);
  }
  environment.close();
  const pass = notes.end(said.info, changes / actions.length);
  return { ...pass, actions, validShare: valid / pass.timesMs.length };
}

function isSame(one: number | Float32Array, other: number | Float32Array): boolean {
  if (typeof one === 'number' || typeof other === 'number') return one === other;
  return one.every((value, n) => value === other[n]);
}
