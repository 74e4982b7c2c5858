import { DISTANCE_MAX, SINCE_TRADE_MS } from '../../../pipelines/environment/book-observation.ts';
import type { BookModel } from '../model/model.ts';
import { clockOf, clockText } from '../model/model-clock.ts';
import { ACTED_ON, elsewhereText, filesText, LOADED, NORMALISED, sizeText } from './export-readme.ts';

/** How an exported model on an order book is used, as Markdown. */
export function exportBookReadme(id: string, model: BookModel): string {
  const { instrument, policy, size, normalisation, levels, distance, actions } = model;
  const { head, moments, network } = policy;
  const width = normalisation.columns.length;
  const unit = distance === 'ticks' ? 'ticks' : 'ten thousandths of the midprice';
  return `# Model ${id}

An agent for ${instrument}, which decides on ${clockText(clockOf(model))}. It was trained and exported by Don; \`lineage\` in
\`normalisation.json\` says from what.

${filesText(model)}

## Observation

${network.sizes[0]} numbers, named by \`observation.names\`. Distances are from the midprice, in ${unit}, cut to ±${DISTANCE_MAX}; quantities are in
steps of the instrument, as ln(1 + steps), and 0 is none.

1. \`book_valid\`: 1, or 0 while the book is not to be trusted; then the next ones up to \`microprice\` are 0.
2. Of ${levels} levels a side, the best first, bids and then asks: distance (${DISTANCE_MAX} where there is none), quantity.
3. \`spread\`; \`imbalance\` of the best quantities, (bid − ask) ÷ (bid + ask); \`microprice\`: imbalance × spread ÷ 2.
4. Since the last decision: \`flow\`, what takers bought less what they sold, its sign with ln(1 + its steps); \`trades\`, ln(1 + their count).
5. ${width} features, in the order of \`columns\`: (value − \`means\`) ÷ \`scales\`, cut to ±\`clip\`; 0 where a value is not valid. Then ${width} times 1 or
   0: whether that feature is valid.
6. \`position\` in parts of the size (${sizeText(size)}), negative: short; \`unrealised\` profit at the midprice in parts of the wallet balance
   that it began with; both cut to ±10. \`since_trade\`: ms since the last own fill ÷ ${SINCE_TRADE_MS}, at most 1.
7. Of the own bid and the own ask: distance behind the midprice (0: none), what is open in parts of the size, quantity in front of it.
${moments === null ? '' : NORMALISED}
## Action

${ACTED_ON[head]} ${MEANING[actions.type]}

## Example

\`\`\`js
${EXAMPLE}\`\`\`

${elsewhereText(network.activation)}
`;
}

const TARGET =
  'It is the position that is wanted, in parts of the size: a market order for the difference to what is held and under way brings it about.';
const LIMIT = 'own orders never bring the position beyond `actions.maxPosition`';

const MEANING: Readonly<Record<BookModel['actions']['type'], string>> = {
  'flat-long-short': TARGET,
  targets: TARGET,
  continuous: TARGET,
  quotes: `They are by how many ticks (rounded) bid and ask lie behind the best price of their side, and their sizes in parts of the size: one post-only order a side; ${LIMIT}.`,
  'quote-grid': `It is by how many ticks bid and ask lie behind the best price of their side, null for none: one post-only order of the size a side; ${LIMIT}.`,
};

/** Tested as it stands. */
const EXAMPLE = `${LOADED}const cut = (value, low, high) => Math.min(Math.max(value, low), high);

/** @param observation as above */
export function actionOf(observation) {
  let seen = observation;
  if (said.observationMoments !== null) {
    const { means, variances, epsilon, clip } = said.observationMoments;
    seen = seen.map((value, n) => cut((value - means[n]) / Math.sqrt(variances[n] + epsilon), -clip, clip));
  }
  const outputs = [...tf.tidy(() => model.predict(tf.tensor2d([seen])).dataSync())];
  const { head, targets, offsets, low, high } = said.actions;
  if (head === 'greatest') return (targets ?? offsets)[outputs.indexOf(Math.max(...outputs))];
  if (head === 'mean') return outputs.map((output, n) => cut(output, low[n], high[n]));
  return outputs.map((output, n) => low[n] + ((Math.tanh(output) + 1) / 2) * (high[n] - low[n]));
}
`;
