import { styleText } from 'node:util';
import type { RunningServer } from '../../infra/servers/servers.ts';
import type { InstrumentStatus, ServiceStatus } from '../api/status/system-status.ts';
import type { RunningJob } from '../jobs/job-worker.ts';
import type { LastVerify } from '../jobs/last-verify.ts';
import type { ModelWatch } from '../trader/drift/watch-models.ts';
import { table } from './table.ts';
import { explainDifference } from './verify-text.ts';

/** What `don status --json` prints. */
export interface Status {
  readonly running: boolean;
  /** Whether every service was ready once. */
  readonly ready: boolean;
  readonly home: string;
  readonly pid: number | null;
  readonly startedMs: number | null;
  /** A link that logs in once. */
  readonly dashboard: string | null;
  readonly api: string | null;
  readonly services: readonly ServiceStatus[];
  readonly instruments: readonly InstrumentStatus[];
  readonly redisMemoryBytes: number | null;
  /** How the last job that verified everything came out; null where there was none. */
  readonly lastVerify: LastVerify | null;
  /** What the last look at models that trade found; null where there was none. */
  readonly modelWatch: ModelWatch | null;
  readonly servers: ReadonlyArray<Pick<RunningServer, 'name' | 'version' | 'source' | 'ports' | 'pid'>>;
}

type Heartbeat = Readonly<Record<string, unknown>>;

/** The same for people. */
export function describeStatus(status: Status, nowMs: number): string {
  const sections = [
    headline(status, nowMs),
    serviceTable(status, nowMs),
    instrumentTable(status),
    verifyLines(status, nowMs),
    watchLines(status, nowMs),
    serverTable(status),
  ];
  return sections.filter((section) => section !== '').join('\n\n');
}

function headline({ running, ready, pid, startedMs, dashboard, api, home }: Status, nowMs: number): string {
  if (!running) return `${mark(false)} Don is not running in ${home}. Start it with npx don start.`;
  if (!ready)
    return `${mark(true)} Don is starting in ${home}, for ${duration(nowMs - (startedMs ?? nowMs))} (process ${pid})`;
  const since = `${mark(true)} Don has been running for ${duration(nowMs - (startedMs ?? nowMs))} (process ${pid}, home ${home})`;
  return [since, `  Dashboard   ${dashboard ?? 'the API gives no login link now'}`, `  API         ${api}`].join('\n');
}

function serviceTable({ running, services }: Status, nowMs: number): string {
  if (!running && services.every(({ state }) => state === 'down')) return '';
  const rows = services.map(({ service, state, heartbeat = {} }) => {
    const started = number(heartbeat['startedMs']);
    const memory = number(heartbeat['rssBytes'] ?? heartbeat['memoryBytes']);
    return [
      `${mark(state === 'up')} ${service}`,
      state,
      number(heartbeat['pid'])?.toString() ?? '–',
      started === undefined ? '–' : duration(nowMs - started),
      memory === undefined ? '–' : bytes(memory),
      state === 'up' ? detail(service, heartbeat) : `no heartbeat; see logs/${service}.log`,
    ];
  });
  return table(['  SERVICE', 'STATE', 'PID', 'UP', 'MEMORY', ''], rows, ['PID', 'UP', 'MEMORY']);
}

/** The one or two facts of a service that tell whether it does its work. */
function detail(service: string, heartbeat: Heartbeat): string {
  const count = (name: string, unit: string) => {
    const value = number(heartbeat[name]);
    return value === undefined ? [] : [`${value.toLocaleString('en')} ${unit}`];
  };
  if (service === 'venue')
    return [...count('framesPerSecond', 'frames/s'), ...count('connections', 'connections')].join(' · ');
  if (service === 'recorder') {
    const events = instrumentsOf(heartbeat).reduce((sum, each) => sum + (number(each['eventsPerSecond']) ?? 0), 0);
    return `${events.toLocaleString('en')} events/s`;
  }
  if (service === 'jobs') return jobsDetail(heartbeat);
  if (service === 'features') return featuresDetail(heartbeat);
  if (service === 'trader') return traderDetail(heartbeat);
  const rows = heartbeat['rows'];
  if (service === 'deriver' && typeof rows === 'object' && rows !== null) {
    const { pending, committed, stall } = rows as Heartbeat;
    const stalled =
      stall === null || stall === undefined
        ? ''
        : ` · stalled: ${typeof stall === 'string' ? stall : JSON.stringify(stall)}`;
    return `${number(committed)?.toLocaleString('en') ?? '?'} rows stored, ${number(pending) ?? '?'} pending${stalled}`;
  }
  return '';
}

/** What is being worked on, or when the next verification is due. */
function jobsDetail({ running, waiting, nextVerifyMs }: Heartbeat): string {
  const jobs = Array.isArray(running) ? (running as readonly RunningJob[]) : [];
  const doing = jobs.map(({ id, kind, progress }) => {
    const share = progress?.share ?? null;
    return `job ${id} ${kind}${share === null ? '' : ` ${Math.floor(share * 100)} %`}`;
  });
  const next = number(nextVerifyMs);
  const due = next === undefined ? [] : [`next verify ${new Date(next).toISOString().slice(0, 16)}Z`];
  const wait = number(waiting) ?? 0;
  return [...doing, ...(wait > 0 ? [`${wait} waiting`] : []), ...(doing.length > 0 ? [] : due)].join(' · ');
}

/** Whose accounts it trades for, and how they stand. */
function traderDetail({ accounts }: Heartbeat): string {
  if (typeof accounts !== 'object' || accounts === null) return '';
  return Object.entries(accounts)
    .map(([account, state]) => `${account} ${state}`)
    .join(' · ');
}

/** How the last verification came out, and the first difference where there is one. */
function verifyLines({ lastVerify }: Status, nowMs: number): string {
  if (lastVerify === null) return '';
  const { time, recordings, rows, differenceCount, firstDifference, outdated } = lastVerify;
  const of = `${rows.toLocaleString('en')} rows of ${recordings} ${recordings === 1 ? 'recording' : 'recordings'}`;
  const isFine = differenceCount === 0 && outdated.length === 0;
  const found = differenceCount === 0 ? 'equal' : `${differenceCount.toLocaleString('en')} DIFFERENCES`;
  const lines = [`${mark(isFine)} Verified ${duration(nowMs - time / 1_000)} ago: ${found} (${of})`];
  if (firstDifference !== null) lines.push(`  first: ${explainDifference(firstDifference, firstDifference)}`);
  if (outdated.length > 0) lines.push(`  outdated: ${outdated.join(', ')} (don verify says how to mend it)`);
  return lines.join('\n');
}

/** Which models that trade have drifted. */
function watchLines({ modelWatch }: Status, nowMs: number): string {
  if (modelWatch === null || modelWatch.models.length === 0) return '';
  const { timeMs, models } = modelWatch;
  const lines = models.map(({ account, model, decisions, alarms, isDemoted, error }) => {
    const found = error ?? (alarms.length === 0 ? 'as in training and test' : `ALARM: ${alarms.join('; ')}`);
    const done = isDemoted ? '; demoted, and its account halted' : '';
    const isFine = error === null && alarms.length === 0;
    return `${mark(isFine)} Model ${model} for ${account} (${decisions.toLocaleString('en')} decisions): ${found}${done}`;
  });
  return [...lines, `  looked at ${duration(nowMs - timeMs)} ago; don trade drift tells more`].join('\n');
}

/** How many custom features run, why the others do not, and which instruments are set beside others. */
function featuresDetail({ folder, features, pairs }: Heartbeat): string {
  const custom = typeof folder === 'string' && Array.isArray(features) ? customFeatures(features) : [];
  const beside = Array.isArray(pairs) ? (pairs as readonly Heartbeat[]) : [];
  return [...custom, ...beside.map(({ instrument, other }) => `${instrument} beside ${other}`)].join(' · ');
}

function customFeatures(features: readonly Heartbeat[]): string[] {
  const running = features.filter(({ state }) => state === 'running').length;
  const others = features
    .filter(({ state }) => state !== 'running')
    .map(({ file, state, reason }) => `${file} ${state}${typeof reason === 'string' ? `: ${reason}` : ''}`);
  return [`${running} of ${features.length} running`, ...others];
}

function instrumentTable({ instruments, services }: Status): string {
  if (instruments.length === 0) return '';
  const recorder = instrumentsByName(services.find(({ service }) => service === 'recorder')?.heartbeat ?? {});
  const deriver = instrumentsByName(services.find(({ service }) => service === 'deriver')?.heartbeat ?? {});
  const rows = instruments.map(({ instrument, rawEntries, ageMs, derivedLagMs, deadLetters }) => {
    const recorded = recorder.get(instrument) ?? {};
    const lag = number(deriver.get(instrument)?.['lagMs']) ?? derivedLagMs;
    return [
      `  ${instrument}`,
      number(recorded['eventsPerSecond'])?.toLocaleString('en') ?? '–',
      ageMs === null ? '–' : duration(ageMs),
      lag === null ? '–' : duration(lag),
      gapsOf(recorded)?.toLocaleString('en') ?? '–',
      deadLetters.toLocaleString('en'),
      rawEntries.toLocaleString('en'),
    ];
  });
  const head = ['  INSTRUMENT', 'EVENTS/S', 'LAST ENTRY', 'LAG', 'GAPS', 'DEAD LETTERS', 'ENTRIES'];
  return table(head, rows, head.slice(1));
}

/** Since the recorder started; undefined where it says nothing. */
function gapsOf(recorded: Heartbeat): number | undefined {
  const { channels } = recorded;
  if (typeof channels !== 'object' || channels === null) return undefined;
  return Object.values(channels as Record<string, Heartbeat>).reduce(
    (sum, channel) => sum + (number(channel['gaps']) ?? 0),
    0,
  );
}

function serverTable({ servers, redisMemoryBytes }: Status): string {
  if (servers.length === 0) return '';
  const rows = servers.map(({ name, version, source, ports, pid }) => [
    `  ${name}`,
    version,
    source === 'debian' ? 'private' : source,
    Object.entries(ports)
      .map(([port, value]) => (port === name ? `${value}` : `${port} ${value}`))
      .join(', '),
    String(pid),
    name === 'redis' && redisMemoryBytes !== null ? bytes(redisMemoryBytes) : '–',
  ]);
  return table(['  SERVER', 'VERSION', 'PROGRAM', 'PORT', 'PID', 'DATA IN MEMORY'], rows, ['PID', 'DATA IN MEMORY']);
}

/** A heartbeat lists its instruments by name or as objects that hold their name. */
function instrumentsByName(heartbeat: Heartbeat): ReadonlyMap<string, Heartbeat> {
  const { instruments } = heartbeat;
  if (Array.isArray(instruments))
    return new Map(instruments.map((each: Heartbeat) => [String(each['instrument']), each]));
  return new Map(Object.entries((instruments ?? {}) as Record<string, Heartbeat>));
}

function instrumentsOf(heartbeat: Heartbeat): Heartbeat[] {
  return [...instrumentsByName(heartbeat).values()];
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function mark(isUp: boolean): string {
  return isUp ? styleText('green', '●', { stream: process.stdout }) : styleText('red', '○', { stream: process.stdout });
}

/** A length of time in its largest fitting unit: `12 ms`, `3.4 s`, `5 min`, `2 h 10 min`, `3 d 4 h`. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  const seconds = ms / 1_000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

function bytes(count: number): string {
  return count < 1e6
    ? `${(count / 1e3).toFixed(0)} kB`
    : count < 1e9
      ? `${(count / 1e6).toFixed(0)} MB`
      : `${(count / 1e9).toFixed(1)} GB`;
}
