import { lastLines } from '../../infra/servers/explain-log.ts';

const LENGTH_MAX = 500;

/**
 * What a service said last, as one line: the message of its last JSON log line of level error, else its last line that is
 * an error's first (`TypeError: …`), else its last line.
 */
export function lastMessage(path: string, fromByte: number): string | undefined {
  const lines = lastLines(path, fromByte)
    .split('\n')
    .filter((line) => line.trim() !== '');
  const logged = lines.map(parseLog).filter((entry) => entry !== undefined);
  const text =
    logged.findLast(({ level }) => level === 'error')?.message ??
    lines.findLast((line) => /^\w*Error\b.*:/.test(line)) ??
    logged.at(-1)?.message ??
    lines.at(-1);
  return text?.slice(0, LENGTH_MAX);
}

function parseLog(line: string): { level: unknown; message: string } | undefined {
  try {
    const { level, message } = JSON.parse(line);
    return typeof message === 'string' ? { level, message } : undefined;
  } catch {
    return undefined;
  }
}
