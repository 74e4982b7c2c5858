import { writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';

export const BACKGROUND_NICENESS = 10;

/** Lets other processes go before this one, where the system allows it. */
export function lowerPriority(pid: number): void {
  try {
    setPriority(pid, BACKGROUND_NICENESS);
    // Linux may weigh a whole session against others, and then the niceness counts only within it: sched(7), autogroup.
    writeFileSync(`/proc/${pid}/autogroup`, String(BACKGROUND_NICENESS));
  } catch {
    // It runs as the others do.
  }
}
