import { from, of, Subject } from 'rxjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fold, type Projection, type StateCell } from '../../operators/fold.ts';
import { testProjectionContract } from '../support/projection-contract.ts';

const test = suite('operators/fold');

interface Counted {
  readonly value: number;
}

/** Running sum from the second event on; its state is changed in place. */
const runningSum: Projection<Counted, { count: number; sum: number }, number> = {
  initialState: () => ({ count: 0, sum: 0 }),
  evolve: (state, { value }) => {
    state.count++;
    state.sum += value;
    return state;
  },
  project: ({ count, sum }) => (count < 2 ? undefined : sum),
};

const values = (...list: number[]): Counted[] => list.map((value) => ({ value }));

function collect<Out>(list: Out[]) {
  return (out: Out) => {
    list.push(out);
  };
}

testProjectionContract(test, 'a running sum', {
  projection: runningSum,
  events: () => values(1, 2, 3, 4),
  firstOutput: 1,
});

test('gives what the projection says, and nothing where it is silent', () => {
  const out: number[] = [];
  from(values(1, 2, 3))
    .pipe(fold(runningSum))
    .subscribe(collect(out));
  assert.equal(out, [3, 6]);
});

test('zero, false and null are said; only undefined is silence', () => {
  const echo: Projection<unknown, null, unknown> = {
    initialState: () => null,
    evolve: (state) => state,
    project: (_state, event) => event,
  };
  const out: unknown[] = [];
  from([0, undefined, false, null, '']).pipe(fold(echo)).subscribe(collect(out));
  assert.equal(out, [0, false, null, '']);
});

test('keeps its state in the cell, and takes up what it finds there', () => {
  const cell: StateCell<{ count: number; sum: number }> = { state: undefined };
  const source = new Subject<Counted>();
  const subscription = source.pipe(fold(runningSum, cell)).subscribe();
  assert.equal(cell.state, { count: 0, sum: 0 }, 'from subscription on');
  source.next({ value: 5 });
  assert.equal(cell.state, { count: 1, sum: 5 });
  subscription.unsubscribe();
  const out: number[] = [];
  of({ value: 6 }).pipe(fold(runningSum, cell)).subscribe(collect(out));
  assert.equal(out, [11]);
});

test('does nothing before it is subscribed to', () => {
  let isAsked = false;
  const asked: Projection<Counted, null, number> = {
    ...runningSum,
    initialState: () => {
      isAsked = true;
      return null;
    },
    evolve: (state) => state,
    project: () => undefined,
  };
  const folded$ = of({ value: 1 }).pipe(fold(asked));
  assert.is(isAsked, false);
  folded$.subscribe();
  assert.is(isAsked, true);
});

test('completes with its source, and passes its error on', () => {
  const told: string[] = [];
  const source = new Subject<Counted>();
  const tell = { complete: () => told.push('complete'), error: (error: Error) => told.push(error.message) };
  of({ value: 1 }).pipe(fold(runningSum)).subscribe(tell);
  source.pipe(fold(runningSum)).subscribe(tell);
  source.error(new Error('the source failed'));
  assert.equal(told, ['complete', 'the source failed']);
});

test.run();
