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

/** `task` as one that runs at once, and then at most every `periodMs` however often it is asked for: costly drawings. */
export function atMostEvery(
  periodMs: number,
  task: () => void,
): { readonly run: () => void; readonly stop: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isAskedAgain = false;
  function rest(): void {
    timer = undefined;
    if (!isAskedAgain) return;
    isAskedAgain = false;
    run();
  }
  function run(): void {
    if (timer !== undefined) {
      isAskedAgain = true;
      return;
    }
    timer = setTimeout(rest, periodMs);
    task();
  }
  return { run, stop: () => clearTimeout(timer) };
}
