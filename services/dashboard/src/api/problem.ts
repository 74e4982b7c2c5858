import { isObject } from './fields.ts';

/** Why a request was not answered, in the words of the API's problem document (RFC 9457) where there is one. */
export interface Problem {
  /** HTTP status; 0: no answer came. */
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  /** `x-request-id` of the answer, to look for in the logs. */
  readonly requestId: string | null;
  /** The first field that was refused; null where none was. */
  readonly field: string | null;
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
    field: refusedField(body),
  };
}

function refusedField(body: unknown): string | null {
  const errors = isObject(body) ? body['errors'] : undefined;
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  const field = isObject(first) ? first['field'] : undefined;
  return typeof field === 'string' ? field : null;
}

/** The problem of a request that got no answer. */
export function unreachable(): Problem {
  return {
    status: 0,
    title: 'The API cannot be reached',
    detail:
      'Nothing answers at this address. Is Don running? `npm start` brings it up, `don doctor` says what is wrong.',
    requestId: null,
    field: null,
  };
}

/** The problem of an answer that is not what the dashboard expects. */
export function misunderstood(error: unknown): Problem {
  const detail = error instanceof Error ? error.message : String(error);
  return { status: 200, title: 'The API answered something unexpected', detail, requestId: null, field: null };
}
