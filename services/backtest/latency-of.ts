import {
  constantLatency,
  type LatencyModel,
  logNormalLatency,
  recordedLatency,
} from '../../operators/matching/latency.ts';

export const EXPECTED_LATENCY = 'MS,MS or MS,MS,σ such as 5,5 or 5,5,0.5, or recorded, or recorded,1,1';

/** Longer than a minute is no latency. */
const LATENCY_MS_MAX = 60_000;
/** Beyond this a log-normal draw may be anything. */
const SIGMA_MAX = 3;
const FACTOR_MAX = 1_000;

/**
 * Of a text such as `5,5` or, log-normal about them, `5,5,0.5`, or that of the feed times factors, as `recorded,4,3`;
 * undefined: it is none.
 */
export function latencyOf(text: string): LatencyModel | undefined {
  const [first, ...others] = text.split(',');
  if (first === 'recorded') return recordedOf(others);
  const parts = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const [entryMs, responseMs, sigma] = parts;
  const isGood =
    parts.length >= 2 &&
    parts.length <= 3 &&
    parts.every((part) => part >= 0 && part <= LATENCY_MS_MAX) &&
    (sigma ?? 0) <= SIGMA_MAX;
  if (!isGood) return undefined;
  return sigma === undefined ? constantLatency(entryMs!, responseMs!) : logNormalLatency(entryMs!, responseMs!, sigma);
}

function recordedOf(texts: readonly string[]): LatencyModel | undefined {
  const [entryFactor = 1, responseFactor = 1, ...more] = texts.map((text) =>
    text.trim() === '' ? Number.NaN : Number(text),
  );
  const isGood = (factor: number): boolean => factor >= 0 && factor <= FACTOR_MAX;
  if (texts.length === 1 || more.length > 0 || !isGood(entryFactor) || !isGood(responseFactor)) return undefined;
  return recordedLatency(entryFactor, responseFactor);
}
