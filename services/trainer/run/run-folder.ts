import { appendFileSync, existsSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { makePrivateFolder, readIfThere, writeWhole } from '../../../infra/home.ts';
import type { Algorithm } from '../algorithms/algorithm.ts';
import { readCheckpoint, writeCheckpoint } from '../algorithms/checkpoint-file.ts';
import type { Episode } from '../algorithms/episode-follower.ts';
import type { Metrics } from '../algorithms/learner.ts';
import type { Run } from './run-identity.ts';
import type { RunReport } from './run-report.ts';
import type { SeedCheckpoint } from './train-seed.ts';

/** What a run keeps: `config.json`, `report.json`, and of each seed `seed-1.checkpoint`, `seed-1.metrics.jsonl` and `seed-1.episodes.jsonl`. */
export function runFolder(home: string, id: string): string {
  return join(home, 'runs', id);
}

/** Makes the folder, with what the run is. */
export function makeRunFolder(home: string, { id, identity }: Run): string {
  const folder = makePrivateFolder(runFolder(home, id));
  writeWhole(join(folder, 'config.json'), `${JSON.stringify(identity, null, 2)}\n`);
  return folder;
}

export function writeReport(folder: string, report: RunReport): void {
  writeWhole(join(folder, 'report.json'), `${JSON.stringify(report)}\n`);
}

/** undefined: the run has not come to its end. */
export function readReport(folder: string): RunReport | undefined {
  const text = readIfThere(join(folder, 'report.json'));
  return text === undefined ? undefined : (JSON.parse(text) as RunReport);
}

/** Takes away what a run has come to, so that it begins anew. */
export function clearRun(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** Where one seed of a run is, on the disk. */
export interface SeedFiles {
  /** What it goes on from; undefined: from the beginning. */
  readonly checkpoint: SeedCheckpoint | undefined;
  /** Of each update up to the checkpoint. */
  readonly metrics: readonly Metrics[];
  /** Of those that ended up to the checkpoint, as many as are kept. */
  readonly episodes: readonly Episode[];
  readonly addMetrics: (metrics: Metrics) => void;
  readonly addEpisodes: (episodes: readonly Episode[]) => void;
  readonly keep: (checkpoint: SeedCheckpoint) => void;
}

/** Metrics and episodes behind the checkpoint, whose process was killed, are taken off: they come again. */
export function openSeedFiles(folder: string, seed: number, algorithm: Algorithm['name']): SeedFiles {
  const checkpointPath = join(folder, `seed-${seed}.checkpoint`);
  const metricsPath = join(folder, `seed-${seed}.metrics.jsonl`);
  const checkpoint = existsSync(checkpointPath) ? readCheckpoint<SeedCheckpoint>(checkpointPath, algorithm) : undefined;
  const episodesPath = join(folder, `seed-${seed}.episodes.jsonl`);
  const globalStep = checkpoint?.globalStep ?? 0;
  return {
    checkpoint,
    metrics: keptLines<Metrics>(metricsPath, (metrics) => metrics['globalStep']! <= globalStep),
    episodes: keptLines<Episode>(episodesPath, ({ step }) => step <= globalStep),
    addMetrics: (said) => addLines(metricsPath, [said]),
    addEpisodes: (ended) => addLines(episodesPath, ended),
    keep: (next) => writeCheckpoint(checkpointPath, next),
  };
}

function addLines(path: string, lines: readonly object[]): void {
  if (lines.length === 0) return;
  appendFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''), { mode: 0o600 });
}

/** The lines up to the first that is not kept; that one and all behind it are taken off. */
function keptLines<Line>(path: string, isKept: (line: Line) => boolean): Line[] {
  const text = readIfThere(path) ?? '';
  const kept: Line[] = [];
  let bytes = 0;
  for (const line of text.slice(0, text.lastIndexOf('\n') + 1).split('\n')) {
    if (line === '') break;
    const said = JSON.parse(line) as Line;
    if (!isKept(said)) break;
    kept.push(said);
    bytes += Buffer.byteLength(line) + 1;
  }
  if (bytes < Buffer.byteLength(text)) truncateSync(path, bytes);
  return kept;
}
