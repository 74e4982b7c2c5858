import { BadInput } from '../../../infra/setup-error.ts';
import type { Backend } from '../backend/backend.ts';
import { type NetworkShape, networkPlan, networkRowNumbers } from '../networks/network.ts';

/** What a part of a run will take, about. */
export interface MemoryNeed {
  /** The setting that decides on it. */
  readonly field: string;
  readonly bytes: number;
  /** Of these, what the backend will hold at once. */
  readonly backendBytes?: number;
}

/** Of a float32. */
const BYTES = 4;

export function numbersNeed(field: string, numbers: number): MemoryNeed {
  return { field, bytes: BYTES * numbers };
}

/** Parameters, gradient, the two means of Adam, and a copy in a checkpoint. */
export function parametersNeed(field: string, shapes: readonly NetworkShape[]): MemoryNeed {
  return numbersNeed(field, 5 * shapes.reduce((sum, shape) => sum + networkPlan(shape).parameterCount, 0));
}

/** What goes forward through the networks and back; the backend holds a layer at a time, and what goes in turned too. */
export function minibatchNeed(field: string, rows: number, shapes: readonly NetworkShape[]): MemoryNeed {
  const numbers = shapes.map(networkRowNumbers);
  const all = numbers.reduce((sum, each) => sum + each.all, 0);
  const most = Math.max(...numbers.map((each) => each.most));
  return { field, bytes: BYTES * rows * 2 * (all + most), backendBytes: BYTES * rows * 2 * most };
}

/**
 * Before anything of it is made, so that a run is not ended by the system when it has begun.
 * @param available bytes; where it is not said, what the system has for this process now
 * @throws BadInput that names the setting which wants most, where it is more than there is
 */
export function checkMemory(
  { name, heapMax }: Pick<Backend, 'name' | 'heapMax'>,
  needs: readonly MemoryNeed[],
  available = process.availableMemory(),
): void {
  const total = needs.reduce((sum, { bytes }) => sum + bytes, 0);
  const [most] = needs.toSorted((one, other) => other.bytes - one.bytes);
  if (total > available)
    throw new BadInput(
      `${most!.field}: expected a run that fits into ${inGiB(available)} of memory, found one that needs ${inGiB(total)}, of which ${inGiB(most!.bytes)} by ${most!.field}`,
    );
  for (const { field, backendBytes = 0 } of needs)
    if (backendBytes > heapMax)
      throw new BadInput(
        `${field}: expected layers that fit into the ${inGiB(heapMax)} of the ${name} backend, found one that needs ${inGiB(backendBytes)}`,
      );
}

function inGiB(bytes: number): string {
  return `${(bytes / 2 ** 30).toLocaleString('en', { maximumSignificantDigits: 3 })} GiB`;
}
