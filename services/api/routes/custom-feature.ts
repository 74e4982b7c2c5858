import type { Parameters } from '../../../operators/features/definition.ts';
import type { RecordingName } from '../../../streams/recordings.ts';
import type { ComputedRow } from '../../features/compute/compute-request.ts';
import type { CustomDescription } from '../../features/custom/describe-custom-feature.ts';
import type { CustomFeatureStatus } from '../../features/custom/feature-supervisor.ts';
import type { SqlClient } from '../dependencies.ts';
import { describeFieldError, type FieldError, ProblemError } from '../http/problem.ts';
import { readStoredFeature, STORED_ROWS_MAX, type StoredSpan } from '../rows/stored-feature.ts';

/** A span that is asked for, and the recording of another instrument where the feature is of two. */
export type ComputedSpan = Omit<StoredSpan, 'set'> & { readonly other?: RecordingName | undefined };

/** One feature as it is asked for over a span. */
export interface SpanSource {
  readonly parameters: Parameters;
  readonly outputs: readonly { readonly name: string; readonly unit: string }[];
  readonly needsOther: boolean;
  rows(span: ComputedSpan): Promise<readonly ComputedRow[]>;
}

/** The custom feature of that name: of several versions the newest that has rows. */
export function customNamed(features: readonly CustomFeatureStatus[], name: string): CustomFeatureStatus | undefined {
  const rank = ({ set, feature }: CustomFeatureStatus): number => (set === null ? 0 : feature!.version);
  return features.filter(({ feature }) => feature?.name === name).sort((one, other) => rank(other) - rank(one))[0];
}

/** A custom feature's stored rows. @throws ProblemError where it has none, or is asked for with other settings than its file's */
export function customSource(
  questdb: SqlClient,
  status: CustomFeatureStatus,
  said: Parameters,
  interval: string | undefined,
): SpanSource {
  const { feature, set } = checkHasRows(status);
  return {
    parameters: checkSetting({ feature, set }, said, interval),
    outputs: feature.outputs.map(({ name, unit }) => ({ name: name === '' ? feature.name : name, unit })),
    needsOther: false,
    async rows(span) {
      const rows = await readStoredFeature(questdb, { ...span, set });
      if (rows !== undefined) return rows;
      const expected = `a span of at most ${STORED_ROWS_MAX.toLocaleString('en')} rows; a longer \`every\` makes fewer`;
      const found = new Date(span.fromUs / 1_000).toISOString();
      throw refusal('bad-request', { field: 'from', expected, found });
    },
  };
}

function checkHasRows({ file, state, reason, feature, set }: CustomFeatureStatus): CustomDescription {
  if (feature !== null && set !== null) return { feature, set };
  const expected = 'a custom feature that runs';
  const found = `${feature?.name ?? file}, which is ${state}${reason === null ? '' : `: ${reason}`}`;
  throw refusal('not-found', { field: 'feature', expected, found });
}

/** It runs as its file says, and no other way. */
function checkSetting({ feature, set }: CustomDescription, said: Parameters, interval: string | undefined): Parameters {
  const fixed = Object.fromEntries(feature.parameters.map((parameter) => [parameter.name, parameter.default]));
  const other = Object.entries(said).find(([name, value]) => fixed[name] !== value);
  if (other !== undefined) {
    const pairs = Object.entries(fixed).map((pair) => pair.join(':'));
    const expected = `${pairs.join() || 'none'}, as its file sets them`;
    throw refusal('bad-request', { field: 'parameters', expected, found: other.join(':') });
  }
  const own = `${set.clock.intervalMs / 60_000}m`;
  if (set.sampling === 'bars' && interval !== undefined && interval !== own)
    throw refusal('bad-request', { field: 'interval', expected: `${own}, as its rows are stored`, found: interval });
  return fixed;
}

function refusal(kind: 'bad-request' | 'not-found', error: FieldError): ProblemError {
  return new ProblemError(kind, { detail: describeFieldError(error), errors: [error] });
}
