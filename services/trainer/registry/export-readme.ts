import { SINCE_TRADE_BARS } from '../../../pipelines/environment/bar-observation.ts';
import type { BarModel, Model } from '../model/model.ts';

/** How an exported model is used, as Markdown. */
export function exportReadme(id: string, model: BarModel): string {
  const { instrument, interval, policy, size, normalisation } = model;
  const { head, moments, network } = policy;
  const width = normalisation.columns.length;
  return `# Model ${id}

An agent for ${instrument}, which decides at the close of each candle of ${interval}. It was trained and exported by Don; \`lineage\` in
\`normalisation.json\` says from what.

${filesText(model)}

## Observation

${network.sizes[0]} numbers, named by \`observation.names\`:

1. ${width} features, in the order of \`columns\`: (value − \`means\`) ÷ \`scales\`, cut to ±\`clip\`; 0 where a value is not valid. \`features\` has
   what each is, with its parameters, formula, unit and warm-up.
2. ${width} times 1 or 0: whether that feature is valid.
3. \`position\` in parts of the greatest one (${sizeText(size)}), negative: short; \`unrealised\` profit in parts of the wallet balance; both
   cut to ±\`clip\`. \`since_trade\`: candles since the position changed ÷ ${SINCE_TRADE_BARS}, at most 1. \`open_orders\`: what own orders may still move, as
   \`position\`.
${moments === null ? '' : NORMALISED}
## Action

${ACTIONS[head]} The position that is wanted, in parts of the greatest one: a market order for the difference to what
is held and under way brings it about.

## Example

\`\`\`js
${EXAMPLE}\`\`\`

${elsewhereText(network.activation)}
`;
}

/** The files beside the README, as a table. */
export function filesText({ policy: { network } }: Pick<Model, 'policy'>): string {
  return `| file | what it is |
|---|---|
| \`model.json\`, \`weights.bin\` | a layers model of TensorFlow.js: float32[batch, ${network.sizes[0]}] to float32[batch, outputs] |
| \`normalisation.json\` | what stands before and behind it |`;
}

/** What is done with an observation before the network sees it. */
export const NORMALISED =
  '\nThen each is normalised once more by `observationMoments`: (value − means) ÷ √(variances + epsilon), cut to ±its `clip`.\n';

/** How the weights are read without TensorFlow.js. */
export function elsewhereText(activation: string): string {
  return `Elsewhere: \`weights.bin\` is float32, little-endian, of each layer its kernel [in, out], row by row, and then its biases [out]. Behind
each layer but the last stands ${activation}.`;
}

/** What a target of 1, or a quote of size 1, comes to. */
export function sizeText(size: Model['size']): string {
  return 'qty' in size
    ? `${size.qty} of the base asset`
    : `worth ${size.equityShare} times the equity when another target is said, and then held`;
}

const ACTIONS: Readonly<Record<Model['policy']['head'], string>> = {
  greatest: 'Which output is the greatest says which of `actions.targets` is wanted.',
  mean: 'The output, cut to between `actions.low` and `actions.high`, is the target.',
  'squashed-mean': 'low + (tanh(output) + 1) ÷ 2 × (high − low), with `actions.low` and `actions.high`, is the target.',
};

/** What is done with the outputs of a network, whatever they mean. */
export const ACTED_ON: Readonly<Record<Model['policy']['head'], string>> = {
  greatest: 'Which output is the greatest says which of `actions.targets`, or of `actions.offsets`, is wanted.',
  mean: 'The outputs, each cut to between `actions.low` and `actions.high`, are the action.',
  'squashed-mean': 'low + (tanh(output) + 1) ÷ 2 × (high − low), with `actions.low` and `actions.high`, is the action.',
};

/** How the example of a README begins: the network as `model`, what stands beside it as `said`. */
export const LOADED = `import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';

const read = (name) => readFileSync(new URL(name, import.meta.url));
const { modelTopology, weightsManifest } = JSON.parse(read('model.json'));
const weightData = Uint8Array.from(read('weights.bin')).buffer;
const model = await tf.loadLayersModel(
  tf.io.fromMemory({ modelTopology, weightSpecs: weightsManifest[0].weights, weightData }),
);
const said = JSON.parse(read('normalisation.json'));
`;

/** Tested as it stands. */
const EXAMPLE = `${LOADED}const cut = (value, most) => Math.min(Math.max(value, -most), most);

/** @param values of the features, NaN where not valid @param account position, unrealised, since_trade, open_orders */
export function targetOf(values, [position, unrealised, sinceTrade, openOrders]) {
  const isValid = values.map((value) => !Number.isNaN(value));
  const features = values.map((value, n) => (isValid[n] ? cut((value - said.means[n]) / said.scales[n], said.clip) : 0));
  const account = [cut(position, said.clip), cut(unrealised, said.clip), sinceTrade, cut(openOrders, said.clip)];
  let observation = [...features, ...isValid.map(Number), ...account];
  if (said.observationMoments !== null) {
    const { means, variances, epsilon, clip } = said.observationMoments;
    observation = observation.map((value, n) => cut((value - means[n]) / Math.sqrt(variances[n] + epsilon), clip));
  }
  const outputs = [...tf.tidy(() => model.predict(tf.tensor2d([observation])).dataSync())];
  const { head, targets, low, high } = said.actions;
  if (head === 'greatest') return targets[outputs.indexOf(Math.max(...outputs))];
  if (head === 'mean') return Math.min(Math.max(outputs[0], low[0]), high[0]);
  return low[0] + ((Math.tanh(outputs[0]) + 1) / 2) * (high[0] - low[0]);
}
`;
