import { BadInput } from '../../../infra/setup-error.ts';
import { tapesWithinReach } from '../../../pipelines/environment/book-reach.ts';
import type { Scale } from '../../../streams/events/scale.ts';
import type { Tape } from '../../../streams/tape/tape.ts';
import { sharedColumns } from '../algorithms/shared-columns.ts';
import type { RewardFile } from '../run/reward-file.ts';
import type { BookConfig } from './book-config.ts';
import { type BookData, bookEnvironment } from './book-data.ts';
import { bookNormalisation } from './book-normalisation.ts';
import { bookParts } from './book-part.ts';

/**
 * A recording's tapes as a config asks for them.
 * @throws BadInput that names what of the config cannot be on this recording
 */
export function prepareBookData(
  config: BookConfig,
  tapes: readonly Tape[],
  scale: Scale,
  ownReward?: RewardFile,
): BookData {
  try {
    // Threads have them once.
    const near = sharedColumns(config.reachTicks === null ? tapes : tapesWithinReach(tapes, config.reachTicks));
    const data = { config, scale, ...bookParts(near, config), normalisation: undefined, ownReward };
    // What cannot be is refused before anything is trained.
    bookEnvironment(data, data.learned.tape, { begin: 'random', maxSteps: config.episodeSteps }, 1);
    for (const part of [data.validation ?? data.train, data.test])
      bookEnvironment(data, part.whole.tape, { begin: 'first', mayCrossInvalid: true }, 1);
    return config.features.length === 0 ? data : { ...data, normalisation: bookNormalisation(data) };
  } catch (error) {
    throw error instanceof RangeError ? new BadInput(error.message) : error;
  }
}
