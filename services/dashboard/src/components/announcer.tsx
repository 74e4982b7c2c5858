import { announcement } from '../announcer.ts';
import { useStore } from '../store/use-store.ts';

/** Tells screen readers what happens out of sight: gaps, and the connection's state. */
export function Announcer() {
  return (
    <div class="unseen" role="status" aria-live="polite">
      {useStore(announcement)}
    </div>
  );
}
