/** Laid over a chart that has nothing of the span that all charts show. */
export function OutOfReach({ isReached }: { readonly isReached: boolean }) {
  return isReached ? null : (
    <div class="panel-state out-of-reach" data-testid="out-of-reach">
      Nothing of this time is loaded here
    </div>
  );
}
