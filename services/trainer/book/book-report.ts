import type { TestedFigures } from '../model/model.ts';

/** What a pass came to. */
export type BookFigures = Omit<TestedFigures, 'aboveHolding'>;
