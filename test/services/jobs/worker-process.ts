import { startJobWorker } from '../../../services/jobs/job-worker.ts';

// A worker of jobs as a process, to be killed. Its lock is short, so that what it leaves is taken up soon.

const [redisUrl, questdbUrl, lockMs] = process.argv.slice(2) as [string, string, string];
const postgresUrl = process.env['DON_POSTGRES_URL'];
await startJobWorker({ redisUrl, questdbUrl, postgresUrl, jobsMax: 1, lockMs: Number(lockMs), log: () => {} });
process.stdout.write('ready\n');
process.on('disconnect', () => process.exit(1));
