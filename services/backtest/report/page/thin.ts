/**
 * Places of samples enough to draw them: of each of `buckets` equal parts of the span the least and the greatest, in
 * order of time, and of all the first and the last. What is not finite is left out.
 */
export function thin(
  timesMs: ArrayLike<number>,
  values: ArrayLike<number>,
  { fromMs, toMs, buckets }: { readonly fromMs: number; readonly toMs: number; readonly buckets: number },
): number[] {
  const width = (toMs - fromMs) / buckets || 1;
  const places: number[] = [];
  let [bucket, least, greatest, last] = [-1, -1, -1, -1];
  const flush = (): void => {
    if (least >= 0)
      places.push(...(least === greatest ? [least] : [Math.min(least, greatest), Math.max(least, greatest)]));
  };
  for (let n = 0; n < timesMs.length; n++) {
    if (!Number.isFinite(values[n])) continue;
    const own = Math.min(buckets - 1, Math.floor((timesMs[n]! - fromMs) / width));
    if (last < 0) places.push(n);
    if (own !== bucket) {
      flush();
      [bucket, least, greatest] = [own, n, n];
    } else {
      if (values[n]! < values[least]!) least = n;
      if (values[n]! > values[greatest]!) greatest = n;
    }
    last = n;
  }
  flush();
  if (last >= 0) places.push(last);
  return [...new Set(places)].sort((a, b) => a - b);
}

/** Place of the last sample of each bucket that has one: what stands at its end. */
export function lastOfEach(
  timesMs: ArrayLike<number>,
  { fromMs, toMs, buckets }: { readonly fromMs: number; readonly toMs: number; readonly buckets: number },
): number[] {
  const width = (toMs - fromMs) / buckets || 1;
  const places: number[] = [];
  let bucket = -1;
  for (let n = 0; n < timesMs.length; n++) {
    const own = Math.min(buckets - 1, Math.floor((timesMs[n]! - fromMs) / width));
    if (own === bucket) places[places.length - 1] = n;
    else places.push(n);
    bucket = own;
  }
  return places;
}
