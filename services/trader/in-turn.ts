/** Does one thing after the other. Once one has failed, all that come later fail with its error. */
export type InTurn = <Result>(work: () => Promise<Result>) => Promise<Result>;

export function createInTurn(): InTurn {
  let failure: { readonly error: unknown } | undefined;
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(async () => {
      if (failure !== undefined) throw failure.error;
      return work();
    });
    last = done.catch((error: unknown) => {
      failure = { error };
    });
    return done;
  };
}
