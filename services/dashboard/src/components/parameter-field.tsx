import { describeLimits, type FeatureParameter, isInstant, readTyped } from '../market/catalogue.ts';

interface FieldProps {
  readonly parameter: FeatureParameter;
  /** The number as text, as it is typed. */
  readonly text: string;
  readonly onText: (text: string) => void;
}

/** The number for a parameter; what cannot be is said at once. */
export function ParameterField(props: FieldProps) {
  const { parameter, text } = props;
  const { name, unit, meaning } = parameter;
  const isImpossible = readTyped(parameter, text) === null;
  const id = `parameter-${name}`;
  const says = isInstant(parameter) ? [meaning] : [unit, meaning];
  return (
    <div class={`field ${isInstant(parameter) ? 'field-wide' : ''}`}>
      <label class="field-label" for={id}>
        {wordsOf(name)}
        {isInstant(parameter) ? ' (UTC)' : ''}
      </label>
      {isInstant(parameter) ? <InstantInput id={id} {...props} /> : <NumberInput id={id} {...props} />}
      <span id={`${id}-says`} class={isImpossible ? 'field-problem' : 'field-says dim'} aria-live="polite">
        {isImpossible ? `Expected ${describeLimits(parameter)}` : says.filter((part) => part !== '').join(' · ')}
      </span>
    </div>
  );
}

function NumberInput({ id, parameter, text, onText }: FieldProps & { readonly id: string }) {
  const { least, most, isWhole } = parameter;
  return (
    <input
      id={id}
      class="field-input"
      type="number"
      min={least}
      max={most}
      step={isWhole ? 1 : 'any'}
      value={text}
      aria-invalid={readTyped(parameter, text) === null}
      aria-describedby={`${id}-says`}
      onInput={(event) => onText(event.currentTarget.value)}
    />
  );
}

/** Date and time; left empty it is what is usual. */
function InstantInput({ id, parameter, text, onText }: FieldProps & { readonly id: string }) {
  const { usual } = parameter;
  const value = Number(text) === usual ? '' : instantText(Number(text));
  return (
    <input
      id={id}
      class="field-input"
      type="datetime-local"
      step={1}
      value={value}
      aria-invalid={readTyped(parameter, text) === null}
      aria-describedby={`${id}-says`}
      onInput={({ currentTarget }) => {
        const typed = currentTarget.value;
        onText(String(typed === '' ? usual : Date.parse(`${typed}Z`)));
      }}
    />
  );
}

/** As the field takes it: `2026-11-25T14:03:22`. */
function instantText(timeMs: number): string {
  return Number.isFinite(timeMs) ? new Date(timeMs).toISOString().slice(0, 19) : '';
}

/** `windowMs` → `Window`: its unit stands beside it. */
function wordsOf(name: string): string {
  const words = name.replace(/Ms$/, '').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
