import type { Environment } from '../../../../pipelines/environment/environment.ts';
import { cartPole } from '../../../control-tasks/cart-pole.ts';
import { pendulum } from '../../../control-tasks/pendulum.ts';

export type Task =
  | { readonly task: 'cart-pole' }
  | { readonly task: 'pendulum' }
  /** Environment 2 of them comes to grief, when it is made, at its first reset or in its third step. */
  | { readonly task: 'faulty'; readonly how: Fault }
  /** Each says in words that are shared with it that it was closed. */
  | { readonly task: 'closing'; readonly closed: Int32Array };

type Fault = 'made' | 'begun' | 'throws' | 'exits' | 'hoards';

/** A module of control tasks for threads to make. */
export function createEnvironment(options: Task, index: number): Environment {
  switch (options.task) {
    case 'cart-pole':
      return cartPole();
    case 'pendulum':
      return pendulum();
    case 'faulty':
      return index === 2 ? faulty(options.how) : cartPole();
    case 'closing':
      return { ...cartPole(), close: () => void Atomics.add(options.closed, index, 1) };
  }
}

function faulty(how: Fault): Environment {
  if (how === 'made') throw new RangeError('balance: expected a number above 0, found −1');
  const task = cartPole();
  let steps = 0;
  return {
    ...task,
    reset: (options) => {
      if (how === 'begun') throw new Error('no place to begin at');
      return task.reset(options);
    },
    step: (action) => {
      if (++steps === 3) {
        if (how === 'exits') process.exit(7);
        if (how === 'throws') throw new RangeError('reward: expected a finite number, found NaN');
        for (const hoard: number[][] = []; ; ) hoard.push(new Array<number>(100_000).fill(hoard.length + 0.5));
      }
      return task.step(action);
    },
  };
}
