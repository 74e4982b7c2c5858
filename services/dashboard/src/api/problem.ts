import { isObject } from './fields.ts';

/** Why a request was not answered, in the words of the API's problem document (RFC 9457) where there is one. */
export interface Problem {
  /** HTTP status; 0: no answer came. */
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  /** `x-request-id` of the answer, to look for in the logs. */
  readonly requestId: string | null;
  /** The fields, or rules, that were not as they must be, in the API's order. */
  readonly errors: readonly FieldProblem[];
}

/** A field of a request, or a rule. */
export interface FieldProblem {
  readonly field: string;
  /** `''` where it is not said. */
  readonly expected: string;
  /** null where there was nothing, or it is not said. */
  readonly found: string | null;
}

/** The problem that a refused answer tells of. */
export async function readProblem(response: Response): Promise<Problem> {
  const requestId = response.headers.get('x-request-id');
  const body: unknown = await response.json().catch(() => null);
  const text = (name: string): string | undefined => {
    const found = isObject(body) ? body[name] : undefined;
    return typeof found === 'string' && found !== '' ? found : undefined;
  };
  return {
    status: response.status,
    title: text('title') ?? `The API answered ${response.status} ${response.statusText}`.trim(),
    detail: text('detail') ?? '',
    requestId,
    errors: readErrors(body),
  };
}

function readErrors(body: unknown): readonly FieldProblem[] {
  const errors = isObject(body) ? body['errors'] : undefined;
  if (!Array.isArray(errors)) return [];
  return errors.filter(isObject).flatMap(({ field, expected, found }) =>
    typeof field === 'string'
      ? [
          {
            field,
            expected: typeof expected === 'string' ? expected : '',
            found: typeof found === 'string' ? found : null,
          },
        ]
      : [],
  );
}

/** The same request may be answered a little later. */
export function isPassing({ status }: Problem): boolean {
  return status === 0 || status === 429 || status >= 500;
}

/** The problem of a request that got no answer. */
export function unreachable(): Problem {
  return {
    status: 0,
    title: 'The API cannot be reached',
    detail:
      'Nothing answers at this address. Is Don running? `npm start` brings it up, `don doctor` says what is wrong.',
    requestId: null,
    errors: [],
  };
}

/** The problem of an answer that is not what the dashboard expects. */
export function misunderstood(error: unknown): Problem {
  const detail = error instanceof Error ? error.message : String(error);
  return { status: 200, title: 'The API answered something unexpected', detail, requestId: null, errors: [] };
}
