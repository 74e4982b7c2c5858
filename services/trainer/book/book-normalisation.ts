import { fitNormalisation, type Normalisation } from '../../../pipelines/environment/normalisation.ts';
import { strategyFeatureSet, type WantedFeature } from '../../../pipelines/simulation/strategy-features.ts';
import { type BookData, bookEnvironment } from './book-data.ts';
import { passOverBook } from './book-pass.ts';

/** Who only looks. */
const LOOKS = { actions: { type: 'targets', targets: [0] }, size: { equityShare: 1 } } as const;

/** Fitted on the features at each decision of the training part; nothing else is looked at. */
export function bookNormalisation(data: Pick<BookData, 'config' | 'scale' | 'train'>): Normalisation {
  const { train } = data;
  const { config, scale } = data;
  const raw = { config, scale, normalisation: undefined };
  const features = config.features as readonly WantedFeature[];
  const columns = strategyFeatureSet({ name: 'agent', features }, {})!.columns.map(({ name }) => name);
  const { observationNames } = bookEnvironment(raw, train.tape, { begin: 'first' }, 1);
  // By its mask: what is told of the book has names of features too.
  const first = observationNames.indexOf(`${columns[0]!}_valid`) - columns.length;
  const values: number[] = [];
  const { timesMs } = passOverBook(
    raw,
    train,
    (observation) => {
      for (let at = first; at < first + columns.length; at++)
        values.push(observation[at + columns.length] === 1 ? observation[at]! : Number.NaN);
      return 0;
    },
    LOOKS,
  );
  return fitNormalisation({
    features: { columns, definition: '', values: Float64Array.from(values) },
    // The end is no decision.
    bars: { openTimesMs: Float64Array.from(timesMs.slice(0, -1)) },
    fromMs: train.fromMs,
    toMs: train.toMs,
  });
}
