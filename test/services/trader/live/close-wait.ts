/** The traders of the tests close a stopped session whose orders do not end only after this, ms: a busy machine is slow. */
export const CLOSE_WAIT_MS = 150_000;
