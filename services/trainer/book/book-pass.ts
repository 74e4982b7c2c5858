import type { Step } from '../../../pipelines/environment/environment.ts';
import type { Decide, Pass } from '../run/pass.ts';
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
  const [timesMs, equity, price, position]: [number[], number[], number[], number[]] = [[], [], [], []];
  const actions: (number | Float32Array)[] = [];
  let [changes, valid] = [0, 0];
  const note = ({ info, observation }: Pick<Step, 'info' | 'observation'>): void => {
    timesMs.push(info['timeMs'] as number);
    equity.push(info['equity'] as number);
    price.push(info['price'] as number);
    position.push(info['position'] as number);
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
  const { fees, funding, filled, liquidations } = said.info as Record<string, number>;
  environment.close();
  return {
    timesMs,
    equity,
    price,
    position,
    fees: fees!,
    funding: funding!,
    filled: filled!,
    liquidations: liquidations!,
    changes: changes / actions.length,
    actions,
    validShare: valid / timesMs.length,
  };
}

function isSame(one: number | Float32Array, other: number | Float32Array): boolean {
  if (typeof one === 'number' || typeof other === 'number') return one === other;
  return one.every((value, n) => value === other[n]);
}
