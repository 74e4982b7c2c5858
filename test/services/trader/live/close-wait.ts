/** How long orders of a stopped session may take to end on a busy machine: less than what is waited for it. */
export const CLOSE_WAIT_MS = 150_000;
