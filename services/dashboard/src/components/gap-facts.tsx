import { dateTime, duration } from '../format/time.ts';
import type { Gap } from '../market/gaps.ts';

/** More would cover the chart. */
const SHOWN_MAX = 2;

/** All that is known of the gaps under the pointer. */
export function GapTooltip({ gaps, x }: { readonly gaps: readonly Gap[]; readonly x: number }) {
  const more = gaps.slice(SHOWN_MAX);
  return (
    <div
      class="tooltip"
      role="tooltip"
      data-testid="gap-tooltip"
      style={{ left: `clamp(8px, ${x + 14}px, calc(100% - 270px))` }}
    >
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

function GapFacts({ gap }: { readonly gap: Gap }) {
  const facts: readonly (readonly [name: string, value: string | null])[] = [
    ['Reason', gap.reason],
    ['Expected', gap.expected],
    ['Found', gap.found],
    ['From', `${dateTime(gap.fromMs)} UTC`],
    ['To', gap.toMs === null ? 'still open' : `${dateTime(gap.toMs)} UTC`],
    ['Length', gap.toMs === null ? null : duration(gap.toMs - gap.fromMs)],
    ['Closed by', gap.toMs === null ? null : gap.closedBy],
  ];
  return (
    <>
      <h3>Gap in {gap.channel}</h3>
      <dl class="facts">
        {facts.map(([name, value]) =>
          value === null ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
    </>
  );
}
