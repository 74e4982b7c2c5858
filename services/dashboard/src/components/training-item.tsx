import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { TrainingPlace } from '../training/place.ts';

/** Opens an item of a list. The one that was left last takes the focus when the list is there again. */
export function ItemButton(props: {
  readonly label: string;
  readonly hasBeenLeft: boolean;
  readonly onOpen: () => void;
  readonly children: ComponentChildren;
}) {
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    if (props.hasBeenLeft) button.current?.focus();
  }, []);
  return (
    <button ref={button} type="button" class="link-button" aria-label={props.label} onClick={props.onOpen}>
      {props.children}
    </button>
  );
}

/** Title of an opened item, which takes the focus, and the way back to its list. */
export function ItemHead(props: {
  readonly title: string;
  readonly list: 'runs' | 'models';
  readonly onGo: (place: TrainingPlace) => void;
  readonly children?: ComponentChildren;
}) {
  const { title, list, onGo, children } = props;
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus(), []);
  return (
    <div class="job-head item-head">
      <button type="button" class="button" onClick={() => onGo({ kind: list })}>
        ← All {list}
      </button>
      <h3 ref={heading} tabIndex={-1}>
        {title}
      </h3>
      {children}
    </div>
  );
}
