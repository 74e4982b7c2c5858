import { Command } from 'ioredis';

/** What a command of ioredis 6.0.0 holds, as far as it is of use here. */
interface Inside {
  readonly name: string;
  readonly callback?: (error: Error | null, result?: unknown) => void;
  args: unknown[];
  transformed: boolean;
  isResolved: boolean;
  isSettled: boolean;
  promise: Promise<unknown>;
  resolve: (answer: unknown) => unknown;
  reject: (error: Error) => void;
  stringifyArguments(): void;
  _convertValue(resolve: (answer: unknown) => void): (answer: unknown) => unknown;
  _clearTimers(): void;
}

type Transform = (args: unknown[]) => unknown[];
const { _transformer: transformer } = Command as unknown as {
  readonly _transformer: { readonly argument: Readonly<Record<string, Transform | undefined>> };
};

/**
 * Lets commands of ioredis be collected while they are young.
 *
 * V8 makes a function that is written straight into a property (`this.reject = (error) => …`) in the old generation, as
 * something meant to stay. Whatever it reaches is then moved there too, dead or not, by the next scavenge. ioredis 6.0.0
 * makes each command so, with its arguments and its answer: scavenges took ten times as long, full collections came every
 * two seconds, and events waited for them. Here the same is made of a function that has a name first.
 */
export function keepCommandsYoung(): void {
  (Command.prototype as unknown as { initPromise: unknown }).initPromise = initPromise;
}

function initPromise(this: Inside): void {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  this.isResolved = false;
  this.isSettled = false;
  if (!this.transformed) {
    this.transformed = true;
    const transform = transformer.argument[this.name];
    if (transform !== undefined) this.args = transform(this.args);
    this.stringifyArguments();
  }
  const fail = (error: Error): void => {
    this._clearTimers();
    this.isSettled = true;
    reject(error);
  };
  this.resolve = this._convertValue(resolve);
  this.reject = fail;
  this.promise = promise;
  const { callback } = this;
  if (typeof callback === 'function')
    promise.then(
      (result) => callback(null, result),
      (error: Error) => callback(error),
    );
}
