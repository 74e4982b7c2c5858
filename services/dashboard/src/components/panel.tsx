import type { ComponentChildren } from 'preact';

/** A titled region of the workspace. Its id is `panel-<name>`, where shortcuts send the focus. */
export function Panel(props: {
  readonly name: string;
  readonly title: string;
  readonly area?: string;
  readonly tools?: ComponentChildren;
  readonly children: ComponentChildren;
}) {
  const { name, title, area, tools, children } = props;
  return (
    <section
      id={`panel-${name}`}
      class={`panel ${area === undefined ? '' : `area-${area}`}`}
      aria-labelledby={`title-${name}`}
      tabIndex={-1}
    >
      <header class="panel-head">
        <h2 id={`title-${name}`} class="panel-title">
          {title}
        </h2>
        {tools === undefined ? null : <div class="panel-tools">{tools}</div>}
      </header>
      <div class="panel-body">{children}</div>
    </section>
  );
}

export function focusPanel(name: string): void {
  document.getElementById(`panel-${name}`)?.focus();
}
