/** What the training dialog shows. */
export type TrainingPlace =
  | { readonly kind: 'runs' }
  | { readonly kind: 'models' }
  | { readonly kind: 'run' | 'model'; readonly id: string };

/** The list that a place is one of. */
export function listOf({ kind }: TrainingPlace): 'runs' | 'models' {
  return kind === 'run' || kind === 'runs' ? 'runs' : 'models';
}
