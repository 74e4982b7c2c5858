/** A step of the wall clock below this is drift and is followed silently at the next reading, µs. */
const DRIFT_US_MAX = 2_000;

/**
 * The receive time in µs since the epoch: the wall clock with the resolution of the monotonic one.
 *
 * It follows steps of the wall clock (NTP), backwards too; apart from them no reading is before the one it follows.
 */
export function createReceiveClock(
  wallMs: () => number = Date.now,
  monotonicMs: () => number = () => performance.now(),
): () => number {
  let offsetUs = wallMs() * 1_000 - monotonicMs() * 1_000;
  let lastUs = 0;
  return () => {
    const wallUs = wallMs() * 1_000;
    let nowUs = monotonicMs() * 1_000 + offsetUs;
    // The wall clock reads whole ms: within the ms it shows, the monotonic clock is finer.
    const hasStepped = nowUs < wallUs - DRIFT_US_MAX || nowUs > wallUs + 1_000 + DRIFT_US_MAX;
    if (hasStepped) {
      offsetUs += wallUs - nowUs;
      nowUs = wallUs;
      lastUs = 0;
    }
    lastUs = Math.max(lastUs, Math.round(nowUs));
    return lastUs;
  };
}
