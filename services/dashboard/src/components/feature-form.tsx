import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { get, instrumentPath } from '../api/client.ts';
import { addFeature } from '../feature-session.ts';
import { ADDED_MAX, type AddedFeature, addedKey, addedLabel, parametersText } from '../market/added-feature.ts';
import type { Interval } from '../market/bars.ts';
import { type CatalogueFeature, type FeatureParameter, readTyped } from '../market/catalogue.ts';
import { describeCustomState } from '../market/custom-feature.ts';
import { IMPOSSIBLE_FIELDS } from '../market/feature-feed.ts';
import type { Market } from '../market/market.ts';
import { settings } from '../settings/settings.ts';
import { useStore } from '../store/use-store.ts';
import { Choice } from './choice.tsx';
import { FeatureFacts } from './feature-facts.tsx';
import { OtherInstrumentField, useOtherInstruments } from './other-instrument-field.tsx';
import { ParameterField } from './parameter-field.tsx';

/** What a feature is, and how it is to be set. */
export function FeatureForm(props: {
  readonly market: Market;
  readonly feature: CatalogueFeature;
  readonly onBack: () => void;
  readonly onDone: () => void;
}) {
  const { market, feature, onBack, onDone } = props;
  const { custom, isOfBars, needsOther } = feature;
  // A custom feature runs as its file says, and no other way.
  const parameters = custom === null ? feature.parameters : [];
  const { added } = useStore(settings);
  const others = useOtherInstruments(market.instrument.name);
  const [otherChosen, setOther] = useState<string | null>(null);
  const other = needsOther ? (otherChosen ?? others[0]?.name ?? null) : null;
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(parameters.map(({ name, usual }) => [name, String(usual)])),
  );
  const [interval, setInterval] = useState<Interval>(() =>
    custom === null ? (settings.get().interval ?? market.fittingInterval.get()) : '1m',
  );
  const [refusal, setRefusal] = useState<string | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const isPossible = custom?.set !== null && (!needsOther || other !== null);
  const wanted = isPossible
    ? wantedOf(feature, parameters, { texts, interval: isOfBars ? interval : null, other })
    : null;
  const isFull = added.length >= ADDED_MAX;
  const isThere = wanted !== null && added.some((one) => addedKey(one) === addedKey(wanted));
  const objection = isThere ? 'It is there already, with the same parameters.' : refusal;
  const customState = custom === null ? null : describeCustomState(custom);

  // At once, not after the next drawing: what is typed before it would go elsewhere.
  useLayoutEffect(() => form.current?.querySelector<HTMLElement>('input, select, [type=submit]')?.focus(), []);

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    if (wanted === null || isFull || isThere) return;
    const refused = parameters.length > 1 || needsOther ? await refusalOf(market, wanted) : null;
    setRefusal(refused);
    if (refused !== null) return;
    addFeature(wanted, addedLabel(wanted, feature));
    onDone();
  }

  return (
    <form ref={form} class="feature-form" noValidate onSubmit={submit}>
      <div class="feature-form-head">
        <button type="button" class="button" onClick={onBack}>
          ← All features
        </button>
        <h2>{feature.title}</h2>
      </div>
      <div class="feature-form-body">
        <FeatureFacts feature={feature} />
        {customState === null ? null : (
          <p class="field-problem" role="alert">
            It is {customState}.
          </p>
        )}
        {needsOther ? <OtherInstrumentField shown={market.instrument.name} value={other} onChange={setOther} /> : null}
        {parameters.map((parameter) => (
          <ParameterField
            key={parameter.name}
            parameter={parameter}
            text={texts[parameter.name] ?? ''}
            onText={(text) => {
              setTexts({ ...texts, [parameter.name]: text });
              setRefusal(null);
            }}
          />
        ))}
        {isOfBars && custom === null ? (
          <div class="field">
            <span class="field-label">Bars</span>
            <Choice
              label="Bars that it is folded from"
              options={[
                { value: '1s', text: '1 second' },
                { value: '1m', text: '1 minute' },
              ]}
              value={interval}
              onChange={(value: Interval) => setInterval(value)}
            />
          </div>
        ) : null}
        {objection === null ? null : (
          <p class="field-problem" role="alert">
            {objection}
          </p>
        )}
      </div>
      <div class="feature-form-foot">
        <button type="submit" class="button button-main" disabled={wanted === null || isFull || isThere}>
          Add {wanted === null ? feature.title : addedLabel(wanted, feature)}
        </button>
      </div>
    </form>
  );
}

/** Null where something that was typed cannot be. */
function wantedOf(
  { name, custom }: CatalogueFeature,
  parameters: readonly FeatureParameter[],
  chosen: {
    readonly texts: Readonly<Record<string, string>>;
    readonly interval: Interval | null;
    readonly other: string | null;
  },
): AddedFeature | null {
  const { texts, interval, other } = chosen;
  const read = (parameter: FeatureParameter): readonly [string, number | null] => [
    parameter.name,
    readTyped(parameter, texts[parameter.name] ?? ''),
  ];
  const values = parameters.map(read);
  const isWhole = (pair: readonly [string, number | null]): pair is readonly [string, number] => pair[1] !== null;
  return values.every(isWhole)
    ? { name, parameters: Object.fromEntries(values), interval, other, isCustom: custom !== null, isShown: true }
    : null;
}

/** Some parameters are possible by themselves and not together, which only the API knows; null where it has no objection. */
async function refusalOf(
  { instrument }: Market,
  { name, parameters, interval, other }: AddedFeature,
): Promise<string | null> {
  const path = instrumentPath(instrument.name, `features/${name}`, {
    parameters: parametersText(parameters),
    ...(interval === null ? {} : { interval }),
    ...(other === null ? {} : { other }),
    from: new Date(Date.now() - 1_000).toISOString(),
  });
  const answer = await get(path, () => null);
  return !answer.isOk && IMPOSSIBLE_FIELDS.has(answer.problem.errors[0]?.field ?? '') ? answer.problem.detail : null;
}
