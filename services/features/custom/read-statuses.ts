import type { Redis } from 'ioredis';
import { readStatus } from '../../../streams/status.ts';
import type { CustomFeatureStatus } from './feature-supervisor.ts';

/** What the service that runs custom features says of them; nothing where it does not run. */
export async function readCustomFeatures(redis: Redis): Promise<readonly CustomFeatureStatus[]> {
  const status = await readStatus(redis, 'features');
  return (status?.['features'] as readonly CustomFeatureStatus[] | undefined) ?? [];
}
