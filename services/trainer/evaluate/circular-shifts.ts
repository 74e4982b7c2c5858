import { hash32, random } from '../../../operators/random.ts';

/** Of a pass: nearer to its own time decisions would still know something. */
const SHARE_MIN = 0.1;

/**
 * By how many decisions a pass over a span is shifted in each try, from a tenth of them to nine tenths. Places are the same for
 * all agents: what they have in common at their own time they have in common at another, or their average would be
 * steadier there than it is, and each try nearer to the middle.
 * @param fromMs of the span, which decides on the places
 * @returns of the number of the pass's decisions
 */
export function circularShifts(fromMs: number, tries: number): (decisions: number) => number[] {
  const { uniform } = random(hash32('turned', fromMs));
  const places = Array.from({ length: tries }, uniform);
  return (decisions) => {
    const least = Math.ceil(SHARE_MIN * decisions);
    return places.map((place) => least + Math.floor(place * Math.max(1, decisions - 2 * least)));
  };
}
