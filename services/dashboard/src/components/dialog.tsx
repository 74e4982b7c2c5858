import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** A modal dialog while it is there; Escape and a press outside close it at once, and the focus goes back where it was. */
export function Dialog(props: {
  readonly label: string;
  readonly class: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}) {
  const element = useRef<HTMLDialogElement>(null);
  const isThere = useRef(true);
  useLayoutEffect(() => {
    const before = document.activeElement;
    const dialog = element.current;
    dialog?.showModal();
    return () => {
      isThere.current = false;
      // While it is open, nothing outside of it takes the focus.
      dialog?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={element}
      class={props.class}
      aria-label={props.label}
      // It is told later, when another dialog may be there already.
      onClose={() => {
        if (isThere.current) props.onClose();
      }}
      onClick={(event) => {
        if (event.target === element.current) props.onClose();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        // The element itself would close later, and take the next key with it.
        event.preventDefault();
        event.stopPropagation();
        props.onClose();
      }}
    >
      {props.children}
    </dialog>
  );
}

/** Its title, and the button that closes it. */
export function DialogHead({ title }: { readonly title: string }) {
  return (
    <div class="help-head">
      <h2>{title}</h2>
      <form method="dialog">
        <button type="submit" class="button">
          Close
        </button>
      </form>
    </div>
  );
}
