CREATE TABLE instruments (
  instrument   text PRIMARY KEY,
  venue        text NOT NULL,
  symbol       text NOT NULL,
  price_tick   text,
  quantity_step text,
  inferred     boolean NOT NULL DEFAULT false,
  created_at   timestamptz NOT NULL DEFAULT now(),
  CHECK (instrument = venue || ':' || symbol)
);

-- The secret itself is nowhere: only its keyed hash.
CREATE TABLE keys (
  id           text PRIMARY KEY,
  name         text NOT NULL,
  role         text NOT NULL CHECK (role IN ('admin', 'trade', 'train', 'replay', 'read')),
  secret_hash  text NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  expires_at   timestamptz,
  revoked_at   timestamptz
);

CREATE TABLE recordings (
  instrument   text NOT NULL,
  recording    text NOT NULL,
  kind         text NOT NULL,
  file         text,
  first_entry_id text,
  last_entry_id  text,
  events       bigint,
  created_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (instrument, recording)
);
