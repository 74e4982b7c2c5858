import { openPolicy } from '../algorithms/policy.ts';
import type { Span } from '../run/bar-data.ts';
import { validated } from '../run/judge.ts';
import type { Training } from '../run/training.ts';
import { type BookData, bookEnvironment } from './book-data.ts';
import { bookModelOfRun } from './book-model.ts';
import { passOverBook } from './book-pass.ts';
import { bookVerdict } from './book-text.ts';
import { compareOnBook, type JudgedOnBook, judgeOnBook } from './judge-book.ts';

/** To learn from a recorded order book. */
export function bookTraining(data: BookData): Training<JudgedOnBook> {
  const { config, learned, validation, train, test, ownReward } = data;
  return {
    config,
    train: spanOf(train),
    test: spanOf(test),
    validation: validation === null ? null : spanOf(validation),
    rewardHash: ownReward?.hash ?? null,
    strategyHash: null,
    environments(seed) {
      const episode = { begin: 'random', maxSteps: config.episodeSteps } as const;
      return Array.from({ length: config.environments }, (_, n) =>
        bookEnvironment(data, learned.tape, episode, seed * 1_000 + n),
      );
    },
    // Strategies are cloned on candles alone.
    beginWarm: () => null,
    validate: (policy) => validated(passOverBook(data, validation!, openPolicy(policy)), validation!),
    judgeSeed: (seed, policy) => judgeOnBook(data, seed, policy),
    judgeRun(seeds, tried) {
      const compared = compareOnBook(data, seeds);
      return { ...compared, verdict: bookVerdict(compared.book, { span: test, seeds: seeds.length, tried }) };
    },
    modelOf: (seed, source) => bookModelOfRun(data, seed, source),
    withAlgorithm: ({ name, settings }) => bookTraining({ ...data, config: { ...config, [name]: settings } }),
    plain() {
      const { scale, ownReward: _, ...plain } = data;
      return { on: 'book', tickSize: scale.price.size, stepSize: scale.qty.size, data: plain };
    },
  };
}

function spanOf({ fromMs, toMs }: Span): Span {
  return { fromMs, toMs };
}
