import { Job } from 'bullmq';
import { startJobWorker } from '../../../services/jobs/job-worker.ts';

// A worker of jobs as a process, to be killed. What another left behind it takes up soon.

const LOOK_EVERY_MS = 300;

const [redisUrl, questdbUrl, halts] = process.argv.slice(2) as [string, string, 'halts' | undefined];
if (halts === 'halts') haltAtProgress();
const postgresUrl = process.env['DON_POSTGRES_URL'];
await startJobWorker({ redisUrl, questdbUrl, postgresUrl, jobsMax: 1, lookEveryMs: LOOK_EVERY_MS, log: () => {} });
process.stdout.write('ready\n');
process.on('disconnect', () => process.exit(1));

/** The whole process halts each time that it has told how far a job is, until it is continued. */
function haltAtProgress(): void {
  const { updateProgress } = Job.prototype;
  Job.prototype.updateProgress = async function (this: Job, progress) {
    await updateProgress.call(this, progress);
    process.kill(process.pid, 'SIGSTOP');
  };
}
