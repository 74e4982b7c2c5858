import { BadInput, ServerUnreachable } from './setup-error.ts';

export type LogLevel = 'info' | 'warn' | 'error';

/** One line of a service's own log; what was recorded is elsewhere. */
export type Log = (level: LogLevel, message: string, detail?: object) => void;

/** What a service's process is told of, and tells. */
export interface Service {
  readonly log: Log;
  /**
   * Does this once, at SIGTERM, SIGINT or the loss of the parent; then the process ends with 0, or with 1 and the reason
   * where it rejects. Before it is called such a signal ends the process at once.
   */
  onStop(work: () => Promise<void>): void;
  /** The ready line on stdout: `{"service":"venue","ready":true,"pid":1,…}`. */
  ready(detail: object): void;
  /** Ends the process with a last line that says why. */
  fail(reason: unknown): never;
}

const EXIT = { done: 0, failed: 1, badUsage: 2, serverUnreachable: 3 } as const;

/** Runs a service as this process: a ready line on stdout, JSON logs on stderr, exit statuses as those of the CLI. */
export function runAsService(name: string, main: (service: Service) => Promise<void>): void {
  const log: Log = (level, message, detail) => {
    const line = { time: new Date().toISOString(), level, service: name, message, ...detail };
    process.stderr.write(`${JSON.stringify(line)}\n`);
  };

  function fail(reason: unknown): never {
    log('error', reason instanceof Error ? reason.message : String(reason));
    process.exit(exitStatus(reason));
  }

  function onStop(work: () => Promise<void>): void {
    let isStopping = false;
    const stop = (reason: string): void => {
      if (isStopping) return;
      isStopping = true;
      log('info', 'stopping', { reason });
      work().then(() => process.exit(EXIT.done), fail);
    };
    process.on('SIGTERM', () => stop('SIGTERM'));
    process.on('SIGINT', () => stop('SIGINT'));
    process.on('disconnect', () => stop('the parent has gone'));
  }

  function ready(detail: object): void {
    process.stdout.write(`${JSON.stringify({ service: name, ready: true, pid: process.pid, ...detail })}\n`);
  }

  main({ log, onStop, ready, fail }).catch(fail);
}

/** The value of a setting that this service cannot do without. @throws BadInput where there is none */
export function required(setting: string, value: string | undefined): string {
  if (value === undefined) throw new BadInput(`${setting}: expected the URL of a server, found none`);
  return value;
}

function exitStatus(reason: unknown): number {
  if (reason instanceof ServerUnreachable) return EXIT.serverUnreachable;
  return reason instanceof BadInput ? EXIT.badUsage : EXIT.failed;
}
