-- Training runs: what each is of, how far it is, and what it came to. `id` is of all that decides on the result.
CREATE TABLE runs (
  id            text PRIMARY KEY,
  status        text NOT NULL CHECK (status IN ('running', 'done', 'failed', 'stopped')),
  instrument    text NOT NULL,
  interval      text NOT NULL,
  recording     text NOT NULL,
  from_entry_id text NOT NULL,
  to_entry_id   text NOT NULL,
  train_from    timestamptz NOT NULL,
  train_to      timestamptz NOT NULL,
  test_from     timestamptz NOT NULL,
  test_to       timestamptz NOT NULL,
  seeds         bigint[] NOT NULL,
  config        jsonb NOT NULL,
  reward_hash   text,
  backend       text NOT NULL,
  code_version  text NOT NULL,
  starts        integer NOT NULL DEFAULT 1,
  created_at    timestamptz NOT NULL DEFAULT date_trunc('milliseconds', clock_timestamp()),
  started_at    timestamptz NOT NULL DEFAULT date_trunc('milliseconds', clock_timestamp()),
  ended_at      timestamptz,
  error         text,
  summary       jsonb
);

CREATE INDEX runs_newest ON runs (created_at DESC, id DESC);

-- One row an update of a seed. A partition holds the runs that were begun in its month, so that a run which is taken up in
-- the next one still writes each update once; old months are dropped whole.
CREATE TABLE run_metrics (
  run            text NOT NULL,
  run_created_at timestamptz NOT NULL,
  seed           bigint NOT NULL,
  step           bigint NOT NULL,
  metrics        jsonb NOT NULL,
  at             timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (run, step, seed, run_created_at)
) PARTITION BY RANGE (run_created_at);

CREATE FUNCTION ensure_run_metrics_month(at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  first date := date_trunc('month', at AT TIME ZONE 'UTC')::date;
  name text := 'run_metrics_' || to_char(first, 'YYYY_MM');
BEGIN
  PERFORM pg_advisory_xact_lock(4000003);
  IF to_regclass(name) IS NULL THEN
    EXECUTE format(
      'CREATE TABLE %I PARTITION OF run_metrics FOR VALUES FROM (%L) TO (%L)',
      name, first || ' 00:00:00+00', (first + interval '1 month')::date || ' 00:00:00+00');
  END IF;
END $$;
