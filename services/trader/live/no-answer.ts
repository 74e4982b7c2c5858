/** The exchange was not reached in time: what was asked may be asked again. */
export class NoAnswer extends Error {}
