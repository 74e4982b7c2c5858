import type { Problem } from '../api/problem.ts';

/** Why something could not be had, in the API's words; nothing where there is no problem. */
export function ProblemText({ problem }: { readonly problem: Problem | null }) {
  if (problem === null) return null;
  return (
    <p class="field-problem" role="alert">
      {[problem.title, problem.detail].filter((part) => part !== '').join(': ')}
    </p>
  );
}
