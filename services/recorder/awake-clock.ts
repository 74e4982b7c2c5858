/**
 * A clock that stands still while this process does not run, ms: of the time between two looks at most `stepMsMax` counts.
 *
 * After a stall of our own the sockets hold what came meanwhile, but a timer may be served before them: by the wall's time
 * the venue would have been silent. Its owner must look at it more often than every `stepMsMax`.
 */
export function createAwakeClock(stepMsMax: number, wallMs: () => number = () => performance.now()): () => number {
  let lookedMs = wallMs();
  let awakeMs = 0;
  return () => {
    const nowMs = wallMs();
    awakeMs += Math.min(stepMsMax, nowMs - lookedMs);
    lookedMs = nowMs;
    return awakeMs;
  };
}
