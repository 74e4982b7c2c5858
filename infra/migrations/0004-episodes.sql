-- A month's partition of a table that is partitioned by when its runs were begun.
CREATE FUNCTION ensure_month(parent text, at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  first date := date_trunc('month', at AT TIME ZONE 'UTC')::date;
  name text := parent || '_' || to_char(first, 'YYYY_MM');
BEGIN
  PERFORM pg_advisory_xact_lock(4000003);
  IF to_regclass(name) IS NULL THEN
    EXECUTE format(
      'CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
      name, parent, first || ' 00:00:00+00', (first + interval '1 month')::date || ' 00:00:00+00');
  END IF;
END $$;

DROP FUNCTION ensure_run_metrics_month(timestamptz);

-- Episodes of training that have ended, in partitions as `run_metrics`, and as bounded: of a seed each of the first 1,024,
-- then every second up to 2,048, every fourth up to 4,096, and so on: 6,000 rows of a million episodes.
-- `runs` itself is in no partitions: it has a row a run, which is found by its id alone and changes until the run ends, and
-- a primary key of a partitioned table would have to hold the month too, so that a run begun anew in another were there twice.
CREATE TABLE episodes (
  run            text NOT NULL,
  run_created_at timestamptz NOT NULL,
  seed           bigint NOT NULL,
  -- From 1, in the order in which the seed's episodes ended.
  episode        bigint NOT NULL CHECK (episode >= 1),
  -- So many episodes up to this one are told by it.
  stands_for     integer NOT NULL CHECK (stands_for >= 1),
  -- Steps of all the seed's environments together when it ended.
  step           bigint NOT NULL,
  length         integer NOT NULL CHECK (length >= 1),
  episode_return double precision NOT NULL,
  ending         text NOT NULL CHECK (ending IN ('ruin', 'length', 'data', 'invalid', 'terminated', 'truncated')),
  -- Of the data that it went through.
  data_from      timestamptz,
  data_to        timestamptz,
  equity_from    double precision,
  equity_to      double precision,
  fees           double precision,
  filled         integer,
  PRIMARY KEY (run, step, seed, episode, run_created_at)
) PARTITION BY RANGE (run_created_at);
