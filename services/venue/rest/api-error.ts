/** An answer of Binance that says no: an HTTP status with a code and words of its own. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: number;
  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** -1102: a parameter is missing or cannot be read. */
export function mandatoryParameter(name: string): ApiError {
  return new ApiError(400, -1102, `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`);
}

/** -1130: a parameter can be read but has no valid value. */
export function invalidParameter(name: string): ApiError {
  return new ApiError(400, -1130, `Data sent for parameter '${name}' is not valid.`);
}
