-- Models on an order book: `interval` says how often one decides, such as `5m`, `100 ms` or `50 events`.
ALTER TABLE models ADD COLUMN environment text NOT NULL DEFAULT 'bars' CHECK (environment IN ('bars', 'book'));
