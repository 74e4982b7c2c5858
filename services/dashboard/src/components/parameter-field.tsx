import { describeLimits, type FeatureParameter, readTyped } from '../market/catalogue.ts';

/** The number for a parameter; what cannot be is said at once. */
export function ParameterField(props: {
  readonly parameter: FeatureParameter;
  readonly text: string;
  readonly onText: (text: string) => void;
}) {
  const { parameter, text, onText } = props;
  const { name, unit, meaning, least, most, isWhole } = parameter;
  const isImpossible = readTyped(parameter, text) === null;
  const id = `parameter-${name}`;
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {wordsOf(name)}
      </label>
      <input
        id={id}
        class="field-input"
        type="number"
        min={least}
        max={most}
        step={isWhole ? 1 : 'any'}
        value={text}
        aria-invalid={isImpossible}
        aria-describedby={`${id}-says`}
        onInput={(event) => onText(event.currentTarget.value)}
      />
      <span id={`${id}-says`} class={isImpossible ? 'field-problem' : 'field-says dim'} aria-live="polite">
        {isImpossible
          ? `Expected ${describeLimits(parameter)}`
          : [unit, meaning].filter((part) => part !== '').join(' · ')}
      </span>
    </div>
  );
}

/** `windowMs` → `Window`: its unit stands beside it. */
function wordsOf(name: string): string {
  const words = name.replace(/Ms$/, '').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
