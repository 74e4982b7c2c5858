import { fitNormalisation, type Normalisation } from '../../../pipelines/environment/normalisation.ts';
import { strategyFeatureSet, type WantedFeature } from '../../../pipelines/simulation/strategy-features.ts';
import { type BookData, bookEnvironment } from './book-data.ts';
import { passOverBook } from './book-pass.ts';

/** Who only looks. */
const LOOKS = { actions: { type: 'targets', targets: [0] }, size: { equityShare: 1 } } as const;

type TrainingPart = Pick<BookData, 'config' | 'scale' | 'train' | 'ownReward'>;

/** Fitted on the features at each decision of the training part; nothing else is looked at. */
export function bookNormalisation(data: TrainingPart): Normalisation {
  const { columns, values, timesMs } = trainingFeatures(data);
  const { fromMs, toMs } = data.train;
  return fitNormalisation({
    features: { columns, definition: '', values },
    bars: { openTimesMs: timesMs },
    fromMs,
    toMs,
  });
}

/** Of each decision of the training part: when it is due, ms since the epoch, and its features, row by row; NaN: not valid. */
export function trainingFeatures({ config, scale, train, ownReward }: TrainingPart): {
  readonly columns: readonly string[];
  readonly values: Float64Array;
  readonly timesMs: Float64Array;
} {
  const raw = { config, scale, ownReward, normalisation: undefined };
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
  // The end is no decision.
  return { columns, values: Float64Array.from(values), timesMs: Float64Array.from(timesMs.slice(0, -1)) };
}
