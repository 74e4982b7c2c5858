/** A request that has been understood: what may still go wrong is its answer. */
export interface ServedRequest {
  readonly method: string;
  readonly path: string;
  readonly symbol: string | null;
  /** Turned away while the venue is overloaded. */
  readonly mayBeThrottled: boolean;
  /** Does it, and makes the text of its answer. @throws ApiError */
  readonly answer: () => string | Promise<string>;
}
