import { venueName } from '../market/instrument.ts';
import { instrumentsState } from '../session.ts';
import { useStore } from '../store/use-store.ts';

/** The second instrument of a feature of two: any but the one that is shown. */
export function OtherInstrumentField(props: {
  readonly shown: string;
  readonly value: string | null;
  readonly onChange: (name: string) => void;
}) {
  const { shown, value, onChange } = props;
  const others = useOtherInstruments(shown);
  return (
    <div class="field field-wide">
      <label class="field-label" for="other-instrument">
        Other instrument
      </label>
      <select
        id="other-instrument"
        class="field-input"
        aria-describedby="other-instrument-says"
        value={value ?? ''}
        disabled={others.length === 0}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        {others.map(({ name, symbol, venue }) => (
          <option key={name} value={name}>
            {symbol} · {venueName(venue)}
          </option>
        ))}
      </select>
      <span id="other-instrument-says" class={others.length === 0 ? 'field-problem' : 'field-says dim'}>
        {others.length === 0
          ? 'There is no other instrument: it needs a second one that is recorded'
          : 'whose events it takes in too'}
      </span>
    </div>
  );
}

/** Instruments but the one of that name, in the order of the list. */
export function useOtherInstruments(shown: string) {
  const state = useStore(instrumentsState);
  return state.kind === 'loaded' ? state.instruments.filter(({ name }) => name !== shown) : [];
}
