-- Trained agents, whole: all that it takes to act is in `encoded`, and `id` is of its content. Only `stage` ever changes.
CREATE TABLE models (
  id            text PRIMARY KEY,
  name          text NOT NULL,
  number        integer NOT NULL CHECK (number >= 1),
  stage         text NOT NULL CHECK (stage IN ('candidate', 'paper', 'live', 'archived')),
  encoded       text NOT NULL,
  instrument    text NOT NULL,
  interval      text NOT NULL,
  feature_hash  text NOT NULL,
  recording     text NOT NULL,
  from_entry_id text NOT NULL,
  to_entry_id   text NOT NULL,
  train_from    timestamptz NOT NULL,
  train_to      timestamptz NOT NULL,
  test_from     timestamptz NOT NULL,
  test_to       timestamptz NOT NULL,
  seed          bigint NOT NULL,
  steps         bigint NOT NULL,
  backend       text NOT NULL,
  code_version  text NOT NULL,
  tested        jsonb NOT NULL,
  parent        text,
  run_id        text,
  created_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (name, number)
);

CREATE UNIQUE INDEX models_one_a_stage ON models (name, stage) WHERE stage IN ('paper', 'live');

-- Who moved which model where, why, and on what figures. Nothing is ever changed or taken out.
CREATE TABLE model_stages (
  change        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  model         text NOT NULL REFERENCES models (id),
  kind          text NOT NULL CHECK (kind IN ('register', 'promote', 'replace', 'demote', 'rollback')),
  from_stage    text,
  to_stage      text NOT NULL,
  who           text NOT NULL CHECK (who <> ''),
  why           text NOT NULL CHECK (why <> ''),
  evaluation    jsonb,
  at            timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX model_stages_model ON model_stages (model, change);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% only grows: % is refused', TG_TABLE_NAME, TG_OP;
END $$;

CREATE TRIGGER model_stages_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON model_stages
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
