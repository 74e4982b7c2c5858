const waiting = new Set<() => void>();
let isAsked = false;

/**
 * Runs `task` once before the next paint, however often it is asked for until then. While the page is hidden nothing is
 * painted and nothing runs, so twenty book updates a second cost at most one drawing a frame, and none out of sight.
 */
export function onNextFrame(task: () => void): void {
  waiting.add(task);
  if (isAsked) return;
  isAsked = true;
  requestAnimationFrame(runWaiting);
}

function runWaiting(): void {
  isAsked = false;
  const tasks = [...waiting];
  waiting.clear();
  for (const task of tasks) task();
}
