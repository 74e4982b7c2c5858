/** A key, what it does, in the order of the help. */
export interface Shortcut {
  readonly keys: readonly string[];
  readonly label: string;
  readonly run: (key: string) => void;
}

/** Calls the shortcut of a key that is pressed where nothing is being typed; the answer ends that. */
export function listenToShortcuts(shortcuts: readonly Shortcut[]): () => void {
  const byKey = new Map(shortcuts.flatMap((shortcut) => shortcut.keys.map((key) => [key, shortcut] as const)));
  const press = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
    if (document.querySelector('dialog[open]') !== null && event.key !== '?') return;
    const shortcut = byKey.get(event.key);
    if (shortcut === undefined) return;
    event.preventDefault();
    shortcut.run(event.key);
  };
  addEventListener('keydown', press);
  return () => removeEventListener('keydown', press);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
