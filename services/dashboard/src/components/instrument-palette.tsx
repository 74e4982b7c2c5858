import { useState } from 'preact/hooks';
import { groupedText } from '../format/decimal.ts';
import { type Instrument, venueName } from '../market/instrument.ts';
import { otherPrices, shownMarket } from '../session.ts';
import { useStore } from '../store/use-store.ts';
import { Dialog } from './dialog.tsx';
import { VenueBadge } from './header.tsx';

/** Search and switch of instruments. */
export function InstrumentPalette(props: {
  readonly instruments: readonly Instrument[];
  readonly onChoose: (instrument: Instrument) => void;
  readonly onClose: () => void;
}) {
  const { instruments, onChoose, onClose } = props;
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const found = instruments.filter(({ name }) => matches(name, text));
  const active = found[Math.min(at, found.length - 1)];

  function choose(instrument: Instrument | undefined): void {
    if (instrument === undefined) return;
    onChoose(instrument);
    onClose();
  }

  function press(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && found.length > 0)
      setAt((Math.min(at, found.length - 1) + step + found.length) % found.length);
    else if (event.key === 'Enter') choose(active);
    else return;
    event.preventDefault();
  }

  return (
    <Dialog label="Switch instrument" class="palette" onClose={onClose}>
      <input
        type="text"
        role="combobox"
        aria-label="Search instruments"
        aria-expanded="true"
        aria-controls="instrument-list"
        aria-autocomplete="list"
        aria-activedescendant={active === undefined ? undefined : `instrument-${active.name}`}
        placeholder="Search instruments, such as btc or simulated eth"
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={press}
      />
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the list that the input controls */}
      <ul id="instrument-list" role="listbox" aria-label="Instruments">
        {found.map((instrument) => (
          <InstrumentOption
            key={instrument.name}
            instrument={instrument}
            digit={instruments.indexOf(instrument) + 1}
            isActive={instrument === active}
            onChoose={() => choose(instrument)}
          />
        ))}
      </ul>
      {found.length === 0 ? <p class="option dim">No instrument has all of “{text}” in its name.</p> : null}
    </Dialog>
  );
}

/** Each word of the text is somewhere in the name. */
function matches(name: string, text: string): boolean {
  const words = text.toLowerCase().split(/\s+/);
  return words.every((word) => name.toLowerCase().includes(word));
}

function InstrumentOption(props: {
  readonly instrument: Instrument;
  readonly digit: number;
  readonly isActive: boolean;
  readonly onChoose: () => void;
}) {
  const { instrument, digit, isActive, onChoose } = props;
  const others = useStore(otherPrices);
  const market = shownMarket.get();
  const isShown = market?.instrument.name === instrument.name;
  const price = isShown ? market.lastPrice.get()?.price : others.get(instrument.name);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the input moves among the options and chooses
    // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: an option of the listbox
    // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the input
    <li id={`instrument-${instrument.name}`} class="option" role="option" aria-selected={isActive} onClick={onChoose}>
      <span class="option-key">{digit <= 9 ? <kbd>{digit}</kbd> : null}</span>
      <span class="option-name">
        <b>{instrument.symbol}</b>
        <span class="dim">{venueName(instrument.venue)}</span>
      </span>
      <VenueBadge instrument={instrument} />
      {isShown ? <span class="dim">shown</span> : null}
      <span class="option-price">{price === undefined ? '' : groupedText(price, instrument.priceDecimals ?? 2)}</span>
    </li>
  );
}
