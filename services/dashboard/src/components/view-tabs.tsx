/** Which panel a narrow screen shows. */
const VIEWS = [
  { name: 'candles', label: 'Chart' },
  { name: 'book', label: 'Book' },
  { name: 'trades', label: 'Trades' },
  { name: 'features', label: 'Features' },
  { name: 'system', label: 'System' },
] as const;

export type View = (typeof VIEWS)[number]['name'];

/** Switches panels where only one has room. */
export function ViewTabs(props: { readonly view: View; readonly onChange: (view: View) => void }) {
  return (
    <div class="view-tabs" role="tablist" aria-label="Panels">
      {VIEWS.map(({ name, label }) => (
        <button
          key={name}
          type="button"
          role="tab"
          aria-selected={name === props.view}
          onClick={() => props.onChange(name)}
        >
          {label}
        </button>
      ))}
    </div>
  );
}
