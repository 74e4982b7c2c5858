/** Answers of Redis that pass by themselves: it loads its data, fails over, runs a long script. */
const PASSING_ANSWER = /^(LOADING|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|BUSY|UNBLOCKED)\b/;

/** Redis answered with an error. */
export class RedisAnswerError extends Error {
  override readonly name = 'ReplyError';
}

/** Whether reading again may help: the connection broke, or Redis is not ready. ioredis names its answers ReplyError. */
export function isPassingError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'ReplyError' ? PASSING_ANSWER.test(error.message) : isConnectionError(error);
}

function isConnectionError(error: Error): boolean {
  return 'code' in error || CONNECTION_MESSAGE.test(error.message);
}

/** What ioredis and `answered` say of lost connections. */
const CONNECTION_MESSAGE = /connection|timed out|within \d+ ms|max retries|writeable/i;
