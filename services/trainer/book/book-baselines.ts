import { circularShifts } from '../evaluate/circular-shifts.ts';
import { decisionsOf } from '../evaluate/recorded-pass.ts';
import type { BookConfig } from './book-config.ts';
import type { BookData, OtherHands } from './book-data.ts';
import { type BookPass, passOverBook } from './book-pass.ts';

/** What agents are compared with; through the same market, with the same costs. */
export interface BookRule {
  readonly name: string;
  readonly says: string;
  readonly hands: OtherHands;
}

/** Rules that take one action at every decision: the only one that their hands have. */
export function bookRules({ actions, size }: Pick<BookConfig, 'actions' | 'size'>): BookRule[] {
  const isQuoting = 'maxPosition' in actions;
  const most = isQuoting ? { qty: actions.maxPosition } : size;
  const target = (value: number): OtherHands => ({ actions: { type: 'targets', targets: [value] }, size: most });
  return [
    { name: 'flat', says: 'never trades', hands: target(0) },
    { name: 'holding', says: 'buys as much as an agent may, and holds', hands: target(1) },
    ...(isQuoting ? [marketMaker(actions.maxPosition, size)] : []),
  ];
}

function marketMaker(maxPosition: number, size: BookConfig['size']): BookRule {
  return {
    name: 'market maker',
    says: 'quotes at the best price of both sides, always',
    hands: { actions: { type: 'quote-grid', offsets: [[0, 0]], maxPosition }, size },
  };
}

export function passOfRule(data: BookData, { hands }: BookRule): BookPass {
  return passOverBook(data, data.test, () => 0, hands);
}

/** An agent's own decisions in the same order from another time on: as many trades are asked for, and nothing is known. */
export function turnedPasses(data: BookData, pass: BookPass, tries: number): BookPass[] {
  const shifts = circularShifts(data.test.fromMs, tries);
  return shifts(pass.actions.length).map((by) => {
    const decide = decisionsOf(pass, by);
    return passOverBook(data, data.test, (observation) => decide(observation, 0));
  });
}
