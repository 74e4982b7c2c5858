export type LogLevel = 'info' | 'warn' | 'error';

/** One line of the service's own log; what was recorded is elsewhere. */
export type Log = (level: LogLevel, message: string, detail?: object) => void;

/** JSON lines on stderr, as every service of Don writes them. */
export function createLog(service: string): Log {
  return (level, message, detail) => {
    process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), level, service, message, ...detail })}\n`);
  };
}
