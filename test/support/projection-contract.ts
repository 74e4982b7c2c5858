import { isDeepStrictEqual } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { from, Subject } from 'rxjs';
import type { Test } from 'uvu';
import * as assert from 'uvu/assert';
import { fold, type Projection } from '../../operators/fold.ts';

export interface ProjectionContract<Event, State, Out> {
  readonly projection: Projection<Event, State, Out>;
  /** The events, made anew by each call. Those that lend arrays lend typed arrays. */
  readonly events: () => readonly Event[];
  /** Index of the event at which it first speaks. */
  readonly firstOutput: number;
  /** An output that is lent (a book) as something to compare; as it is, where not said. */
  readonly copy?: (out: Out) => unknown;
  /** How the state is saved and taken up again; through `node:v8`, where not said. */
  readonly saveAndLoad?: (state: State) => State;
}

/** Points of a run at which its state is saved and taken up by another. */
const SAVES = 60;

/** What every projection keeps to (docs of `Projection`), run as tests of the given suite. */
export function testProjectionContract<Event, State, Out>(
  test: Test,
  name: string,
  contract: ProjectionContract<Event, State, Out>,
): void {
  const { projection, events, firstOutput, copy = (out: Out) => out } = contract;
  const saveAndLoad = contract.saveAndLoad ?? ((state: State): State => deserialize(serialize(state)));

  /** Output after each event, or undefined; what it gave is copied at once. */
  function run(source: readonly Event[], start: State = projection.initialState()): unknown[] {
    let state = start;
    return source.map((event) => {
      state = projection.evolve(state, event);
      const out = projection.project(state, event);
      return out === undefined ? undefined : structuredClone(copy(out));
    });
  }

  const spoken = (outputs: readonly unknown[]): unknown[] => outputs.filter((out) => out !== undefined);

  test(`${name} says nothing before warm-up`, () => {
    const outputs = run(events());
    assert.is(
      outputs.findIndex((out) => out !== undefined),
      firstOutput,
    );
    assert.ok(spoken(outputs).length > 1, 'the events of this test make it speak more than once');
  });

  test(`${name} says the same of the same events`, () => {
    assert.equal(run(events()), run(events()));
  });

  test(`${name} does not share state between subscriptions`, () => {
    const expected = spoken(run(events()));
    const operator = fold(projection);
    const source = new Subject<Event>();
    const lists: unknown[][] = [[], [], []];
    const listen = (list: unknown[]) => source.pipe(operator).subscribe((out) => list.push(structuredClone(copy(out))));
    listen(lists[0]!);
    listen(lists[1]!);
    for (const event of events()) source.next(event);
    from(events())
      .pipe(operator)
      .subscribe((out) => lists[2]!.push(structuredClone(copy(out))));
    for (const list of lists) assert.equal(list, expected);
  });

  test(`${name} changes no event, and keeps nothing of what events lend`, () => {
    const expected = run(events());
    let state = projection.initialState();
    for (const [index, event] of events().entries()) {
      const before = structuredClone(event);
      freeze(event);
      state = projection.evolve(state, event);
      const out = projection.project(state, event);
      assert.ok(isDeepStrictEqual(structuredClone(event), before), `event ${index} was changed`);
      assert.equal(out === undefined ? undefined : structuredClone(copy(out)), expected[index], `event ${index}`);
      spoil(event);
    }
  });

  test(`${name} gives what it does not change afterwards`, () => {
    let state = projection.initialState();
    const kept: unknown[] = [];
    const expected: unknown[] = [];
    for (const event of events()) {
      state = projection.evolve(state, event);
      const out = projection.project(state, event);
      if (out === undefined) continue;
      kept.push(copy(out));
      expected.push(structuredClone(copy(out)));
    }
    assert.equal(kept, expected);
  });

  // A number can always be read.
  if (typeof events()[0] !== 'number')
    test(`${name} passes a throw on to the error channel, and says nothing after it`, () => {
      const failing = new Proxy({} as Event & object, {
        get() {
          throw new Error('unreadable event');
        },
      });
      const source = new Subject<Event>();
      const told: string[] = [];
      const tell = { next: () => told.push('next'), error: (error: Error) => told.push(error.message) };
      source.pipe(fold(projection)).subscribe(tell);
      source.next(failing);
      for (const event of events()) source.next(event);
      assert.equal(told, ['unreadable event']);
    });

  test(`${name} goes on from a saved state as if nothing had been`, () => {
    const expected = run(events());
    const step = Math.max(1, Math.floor(expected.length / SAVES));
    let state = projection.initialState();
    for (const [index, event] of events().entries()) {
      if (index % step === 0) {
        const rest = run(events().slice(index), saveAndLoad(state));
        assert.ok(isDeepStrictEqual(rest, expected.slice(index)), `saved before event ${index}`);
      }
      state = projection.evolve(state, event);
    }
  });
}

/** Makes a write to the event an error. Typed arrays cannot be frozen. */
function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
  Object.freeze(value);
  for (const part of Object.values(value)) freeze(part);
}

/** What the next event's decoding does to lent arrays. */
function spoil(value: unknown): void {
  if (value instanceof Float64Array) value.fill(-7);
  else if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) spoil(part);
}
