import { dateTime, duration } from '../format/time.ts';
import type { Gap } from '../market/gaps.ts';

/** All that is known of the gap under the pointer. */
export function GapTooltip({ gap, x }: { readonly gap: Gap; readonly x: number }) {
  const facts: Readonly<Record<string, string>> = {
    Reason: gap.reason,
    ...(gap.expected === null ? {} : { Expected: gap.expected }),
    ...(gap.found === null ? {} : { Found: gap.found }),
    From: `${dateTime(gap.fromMs)} UTC`,
    To: gap.toMs === null ? 'still open' : `${dateTime(gap.toMs)} UTC`,
    ...(gap.toMs === null ? {} : { Length: duration(gap.toMs - gap.fromMs) }),
    'Closed by': gap.toMs === null ? '–' : gap.closedBy,
  };
  return (
    <div
      class="tooltip"
      role="tooltip"
      data-testid="gap-tooltip"
      style={{ left: `clamp(8px, ${x + 14}px, calc(100% - 270px))` }}
    >
      <h3>Gap in {gap.channel}</h3>
      <dl class="facts">
        {Object.entries(facts).map(([name, value]) => (
          <>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </>
        ))}
      </dl>
    </div>
  );
}
