import type { CatalogueFeature } from '../market/catalogue.ts';

/** What the catalogue says of a feature. */
export function FeatureFacts({ feature }: { readonly feature: CatalogueFeature }) {
  const { outputs, formula, warmUp, source, custom, parameters } = feature;
  if (outputs.length === 0) return null;
  const settings = custom === null ? [] : parameters.map(({ name, usual, unit }) => `${name} ${usual} ${unit}`.trim());
  return (
    <dl class="feature-facts">
      {outputs.map(({ name, unit, meaning }) => (
        <div key={name}>
          <dt>{name === '' ? 'Meaning' : name.replaceAll('_', ' ')}</dt>
          <dd>
            {meaning} <span class="dim">({unit})</span>
          </dd>
        </div>
      ))}
      {settings.length === 0 ? null : (
        <div>
          <dt>Set to</dt>
          <dd>
            {settings.join(', ')} <span class="dim">as its file says</span>
          </dd>
        </div>
      )}
      <div>
        <dt>Formula</dt>
        <dd class="feature-formula">{formula}</dd>
      </div>
      <div>
        <dt>Warm-up</dt>
        <dd>
          {warmUp} <span class="dim">with the usual parameters</span>
        </dd>
      </div>
      <div>
        <dt>Source</dt>
        <dd>{source}</dd>
      </div>
    </dl>
  );
}
