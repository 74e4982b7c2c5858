import { fieldsOf } from './fields.ts';
import { misunderstood, type Problem, readProblem, unreachable } from './problem.ts';

/** What was asked for, or why it did not come. */
export type Answer<T> =
  | { readonly isOk: true; readonly value: T }
  | { readonly isOk: false; readonly problem: Problem };

/** Base of all routes; relative, so that the dashboard works behind any prefix of the host. */
const BASE = '/api/v1';

/** GET of a route below `/api/v1`, read by `read`, which throws where a field is not as expected. */
export function get<T>(path: string, read: (body: unknown) => T, signal?: AbortSignal): Promise<Answer<T>> {
  return ask(path, read, { signal: signal ?? null });
}

/** DELETE of a route below `/api/v1`. */
export function cancel(path: string): Promise<Answer<null>> {
  return ask(path, () => null, { method: 'DELETE' });
}

/** POST of a JSON body to a route below `/api/v1`. */
export function tell(path: string, body: object): Promise<Answer<null>> {
  return post(path, body, () => null);
}

/** The same, whose answer is read as that of `get` is. */
export function post<T>(path: string, body: object, read: (answer: unknown) => T): Promise<Answer<T>> {
  const headers = { accept: 'application/json', 'content-type': 'application/json' };
  return ask(path, read, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function ask<T>(path: string, read: (body: unknown) => T, init: RequestInit): Promise<Answer<T>> {
  let response: Response;
  try {
    response = await fetch(`${BASE}${path}`, { headers: { accept: 'application/json' }, ...init });
  } catch {
    return { isOk: false, problem: unreachable() };
  }
  if (!response.ok) return { isOk: false, problem: await readProblem(response) };
  try {
    return { isOk: true, value: read(await response.json()) };
  } catch (error) {
    return { isOk: false, problem: misunderstood(error) };
  }
}

/** Reader of a list answer, `{"items":[…]}`. */
export function itemsOf<T>(kind: string, readItem: (item: unknown) => T): (body: unknown) => T[] {
  return (body) => fieldsOf(kind, body).list('items').map(readItem);
}

/** Path of a route of one instrument. The colon may stand as it is. */
export function instrumentPath(instrument: string, route: string, query: Record<string, string | number> = {}): string {
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  const search = pairs.length > 0 ? `?${pairs.join('&')}` : '';
  return `/${encodeURIComponent(instrument).replace('%3A', ':')}/${route}${search}`;
}

export function streamPath(topics: readonly string[]): string {
  return `${BASE}/stream?topics=${topics.map((topic) => encodeURIComponent(topic).replaceAll('%3A', ':')).join(',')}`;
}
