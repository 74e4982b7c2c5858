import { announcements } from '../announcer.ts';
import { useStore } from '../store/use-store.ts';

/** Tells screen readers what happens out of sight: gaps, and the connection's state. What is added to it is read. */
export function Announcer() {
  return (
    <div class="unseen" role="log" aria-live="polite">
      {useStore(announcements).map(({ n, text }) => (
        <p key={n}>{text}</p>
      ))}
    </div>
  );
}
