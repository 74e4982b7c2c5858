import type { SessionSettings } from '../../operators/ledger/ledger-event.ts';
import type { Lineage } from '../trainer/model/model.ts';

const ASSUMED = ['latency', 'queue'] as const;

/**
 * What a paper session assumes of the exchange otherwise than the training of the model that trades in it, a sentence each.
 * Candles have no queues, so of a model on them only latency is compared. A live session assumes nothing.
 */
export function assumedOtherwise(
  { config }: Pick<Lineage, 'config'>,
  settings: Pick<SessionSettings, 'mode' | (typeof ASSUMED)[number]>,
): string[] {
  if (settings.mode === 'live') return [];
  const trained = config as Partial<Readonly<Record<string, string>>>;
  return ASSUMED.flatMap((name) => {
    const [before, now] = [trained[name]?.replace(/\s/g, ''), settings[name].replace(/\s/g, '')];
    if (before === undefined || before === now) return [];
    return [
      `--${name}: the session assumes ${now}, and the model was trained with ${before}: on these terms it has never been tested.`,
    ];
  });
}
