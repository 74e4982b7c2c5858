import { readIfThere } from '../../infra/home.ts';
import { ServerUnreachable } from '../../infra/setup-error.ts';
import { apiKeyFile } from './api-keys.ts';

/** A link to the dashboard that logs in once, made by the API of that port. */
export async function loginLink(
  port: number,
  home: string,
  apiKey = readIfThere(apiKeyFile(home))?.trim() ?? '',
): Promise<string> {
  const url = `http://127.0.0.1:${port}/api/v1/login-links`;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: '{}',
      signal: AbortSignal.timeout(10_000),
    });
    const body = await response.text();
    const link: unknown = response.ok ? JSON.parse(body).url : undefined;
    if (typeof link === 'string') return link;
    throw new Error(`it answered ${response.status}: ${body.slice(0, 300)}`);
  } catch (error) {
    const text =
      error instanceof Error
        ? `${error.message}${error.cause instanceof Error ? ` (${error.cause.message})` : ''}`
        : String(error);
    throw new ServerUnreachable(
      `Don's API at 127.0.0.1:${port} gives no login link: ${text}. See its log in DON_HOME/logs/api.log, or run don stop and start again.`,
    );
  }
}
