import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { REPOSITORY, toolsFolder } from '../../infra/home.ts';
import { dockerWithEngine } from '../../infra/servers/docker.ts';
import { findOnPath } from '../../infra/servers/find-program.ts';
import { freePort } from './free-port.ts';
import type { SeenSpan, SpanStore } from './otlp-receiver.ts';
import { stopProcess } from './pipeline.ts';

/** The last version that is one Go module: later ones come as images only. */
const VERSION = 'v1.76.0';
const MODULE = 'github.com/jaegertracing/jaeger/cmd/all-in-one';
const IMAGE = `jaegertracing/all-in-one:${VERSION.slice(2)}`;
const READY_WITHIN_MS = 180_000;
/** On two quiet cores 3 minutes; what was compiled by then is not compiled again. */
const GO_WITHIN_MS = 600_000;

/** Every port that it opens unasked, so that several can run. */
const PORT_FLAGS = [
  '--admin.http.host-port',
  '--collector.grpc-server.host-port',
  '--collector.http-server.host-port',
  '--collector.otlp.grpc.host-port',
  '--query.grpc-server.host-port',
];

/**
 * Starts a Jaeger: an installed one, one in Docker, or one built from its Go module, which takes some minutes once.
 * @throws saying what is missing where none of them works
 */
export async function startJaeger(say: (line: string) => void): Promise<SpanStore> {
  const [otlp, query] = [await freePort(), await freePort()];
  const child = await spawnJaeger(otlp, query, say);
  let words = '';
  child.stderr?.on('data', (text) => {
    words = (words + text).slice(-2_000);
  });
  const url = `http://127.0.0.1:${query}`;
  try {
    await untilReady(url, child);
  } catch (error) {
    await stopProcess(child);
    throw new Error(`Jaeger does not start: ${error instanceof Error ? error.message : error}; ${words}`);
  }
  return {
    kind: `Jaeger ${VERSION}`,
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${otlp}` },
    spans: () => readSpans(url),
    stop: () => stopProcess(child),
  };
}

async function spawnJaeger(otlp: number, query: number, say: (line: string) => void): Promise<ChildProcess> {
  const installed = findOnPath('jaeger-all-in-one');
  const docker = installed === undefined ? dockerWithEngine() : undefined;
  if (docker !== undefined) {
    const ports = ['-p', `127.0.0.1:${otlp}:4318`, '-p', `127.0.0.1:${query}:16686`];
    return spawn(docker, ['run', '--rm', ...ports, IMAGE], { stdio: ['ignore', 'ignore', 'pipe'] });
  }
  const flags = [
    `--collector.otlp.http.host-port=127.0.0.1:${otlp}`,
    `--query.http-server.host-port=127.0.0.1:${query}`,
  ];
  for (const flag of PORT_FLAGS) flags.push(`${flag}=127.0.0.1:${await freePort()}`);
  return spawn(installed ?? (await builtJaeger(say)), flags, { stdio: ['ignore', 'ignore', 'pipe'] });
}

/** The program built from the module, kept with the other tools. */
async function builtJaeger(say: (line: string) => void): Promise<string> {
  const program = join(toolsFolder(join(REPOSITORY, '.don')), 'jaeger', VERSION, 'jaeger');
  if (existsSync(program)) return program;
  const go = findOnPath('go');
  if (go === undefined) throw new Error('there is no jaeger-all-in-one, no Docker engine and no Go to build it with');
  const folder = mkdtempSync(join(tmpdir(), 'don-jaeger-'));
  try {
    say(`building Jaeger ${VERSION} from its Go module, which takes some minutes once`);
    writeFileSync(join(folder, 'go.mod'), 'module jaeger\n\ngo 1.24\n');
    // go install MODULE@VERSION refuses a module with replacements.
    writeFileSync(join(folder, 'tools.go'), `package main\n\nimport _ "${MODULE}"\n`);
    await runGo(go, ['get', `${MODULE}@${VERSION}`], folder);
    await runGo(go, ['build', '-o', 'jaeger', MODULE], folder);
    mkdirSync(join(program, '..'), { recursive: true });
    copyFileSync(join(folder, 'jaeger'), `${program}.partial`);
    renameSync(`${program}.partial`, program);
    return program;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runGo(go: string, args: readonly string[], cwd: string): Promise<void> {
  const child = spawn(go, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'], timeout: GO_WITHIN_MS });
  let words = '';
  child.stderr.on('data', (text) => {
    words = (words + text).slice(-2_000);
  });
  const status = await new Promise((resolve) => {
    child.once('error', () => resolve(-1));
    child.once('close', resolve);
  });
  if (status !== 0)
    throw new Error(`go ${args[0]} failed or took longer than ${GO_WITHIN_MS / 60_000} min: ${words.trim()}`);
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  for (const untilMs = performance.now() + READY_WITHIN_MS; performance.now() < untilMs; await sleep(100)) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
    const answer = await fetch(`${url}/api/services`).catch(() => undefined);
    if (answer?.ok) return;
  }
  throw new Error(`it does not answer within ${READY_WITHIN_MS / 1_000} s`);
}

interface Reference {
  readonly refType: string;
  readonly traceID: string;
  readonly spanID: string;
}

interface JaegerTraces {
  readonly data: readonly {
    readonly traceID: string;
    readonly spans: readonly {
      readonly spanID: string;
      readonly operationName: string;
      readonly processID: string;
      readonly references: readonly Reference[];
    }[];
    readonly processes: Readonly<Record<string, { readonly serviceName: string }>>;
  }[];
}

/** The traces that went through the API, by the query API. */
async function readSpans(url: string): Promise<SeenSpan[]> {
  const answer = await fetch(`${url}/api/traces?service=don-api&limit=50&lookback=1h`);
  const { data } = (await answer.json()) as JaegerTraces;
  return data.flatMap(({ traceID, spans, processes }) =>
    spans.map(({ spanID, operationName, processID, references }) => ({
      service: processes[processID]!.serviceName,
      name: operationName,
      traceId: traceID,
      spanId: spanID,
      parentSpanId: parentOf(references, traceID),
    })),
  );
}

/** Where a span links to its parent too, Jaeger keeps only the link, as FOLLOWS_FROM. */
function parentOf(references: readonly Reference[], traceId: string): string {
  const own = references.filter(({ traceID }) => traceID === traceId);
  return (own.find(({ refType }) => refType === 'CHILD_OF') ?? own[0])?.spanID ?? '';
}
