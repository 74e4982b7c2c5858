import type { Missing } from '../chart/missing.ts';
import type { Gap } from '../market/gaps.ts';
import { GapFacts } from './gap-facts.tsx';

/** A corner of what it is about, CSS pixels from the window's. */
export interface TooltipPlace {
  readonly x: number;
  readonly top: number;
  readonly bottom: number;
}

/** More would cover the chart. */
const SHOWN_MAX = 2;

/** All that is known of the gaps, and of what has no value, under the pointer. */
export function MissingTooltip(props: {
  readonly gaps: readonly Gap[];
  readonly missing: readonly Missing[];
  /** Where it is in the window. */
  readonly place: TooltipPlace;
}) {
  const { gaps, missing, place } = props;
  const silent = missing.filter(({ labels }) => labels.length > 0);
  const more = gaps.slice(SHOWN_MAX);
  if (gaps.length + silent.length === 0) return null;
  return (
    <div
      class={`tooltip ${gaps.length > 0 ? 'tooltip-gap' : ''}`}
      role="tooltip"
      data-testid="gap-tooltip"
      style={styleOf(place)}
    >
      {silent.map(({ labels, why }) => (
        <div key={labels.join()} class="tooltip-silent">
          <h3>No value: {labels.join(', ')}</h3>
          {why === null ? null : <p>{why}.</p>}
        </div>
      ))}
      {gaps.slice(0, SHOWN_MAX).map((gap) => (
        <GapFacts key={gap.key} gap={gap} />
      ))}
      {more.length === 0 ? null : (
        <p class="dim">
          and {more.length} more: {more.map(({ channel }) => channel).join(', ')}
        </p>
      )}
    </div>
  );
}

/** Below what it is about, or above where there is more room: it must not be cut. */
function styleOf({ x, top, bottom }: TooltipPlace): Record<string, string> {
  const left = `clamp(8px, ${x + 14}px, calc(100vw - 270px))`;
  const isLow = innerHeight - bottom < top;
  return isLow ? { left, bottom: `${innerHeight - top + 6}px` } : { left, top: `${bottom + 6}px` };
}
