import { dateTime, duration } from '../format/time.ts';
import type { Gap } from '../market/gaps.ts';

/** All that is known of a gap. */
export function GapFacts({ gap }: { readonly gap: Gap }) {
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
