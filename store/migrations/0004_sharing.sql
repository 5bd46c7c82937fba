-- Cells and public links: what their owners gave of what they have. A link is
-- a Cell of one; its mode is set.
CREATE TABLE cells (
  id          ID_KEY,
  slug        TEXT NOT NULL,     -- of a link: its own address, or empty
  label       TEXT NOT NULL,
  description TEXT NOT NULL,
  owner_id    BIGINT NOT NULL,
  created_at  BIGINT NOT NULL,
  from_at     BIGINT NOT NULL,
  until_at    BIGINT NOT NULL,
  discreet    SMALLINT NOT NULL,
  mode        TEXT NOT NULL,     -- empty for a Cell
  secret      TEXT NOT NULL,     -- of a link: the hash of its token
  password    TEXT NOT NULL,     -- of a link: the hash of its password, or empty
  downloads   BIGINT NOT NULL,   -- most; 0: no bound
  upload      BIGINT NOT NULL,   -- bytes of a file at most; 0: no bound
  people      TEXT NOT NULL,     -- roles, one a line
  watermark   SMALLINT NOT NULL,
  changed     BIGINT NOT NULL    -- the version of the access data with which the row, its entries or its managers last changed
);
CREATE INDEX cells_owner ON cells (owner_id);
CREATE INDEX cells_slug ON cells (slug);
CREATE INDEX cells_secret ON cells (secret);
CREATE INDEX cells_changed ON cells (changed);

-- Those that ended lately, so that whoever has them need not look for what is
-- missing.
CREATE TABLE cells_ended (
  cell_id BIGINT PRIMARY KEY,
  changed BIGINT NOT NULL
);
CREATE INDEX cells_ended_changed ON cells_ended (changed);

CREATE TABLE cell_entries (
  id         ID_KEY,
  cell_id    BIGINT NOT NULL,
  role_id    TEXT NOT NULL,
  node_id    BIGINT NOT NULL,
  rights     TEXT NOT NULL,
  policies   TEXT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX cell_entries_cell ON cell_entries (cell_id);
CREATE INDEX cell_entries_node ON cell_entries (node_id);
CREATE INDEX cell_entries_role ON cell_entries (role_id);

CREATE TABLE cell_managers (
  cell_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  PRIMARY KEY (cell_id, user_id)
);
CREATE INDEX cell_managers_user ON cell_managers (user_id);

-- What was done with them. Written often, so that it stands apart from what
-- decides: it makes no new version of the access data.
CREATE TABLE cell_use (
  cell_id   BIGINT PRIMARY KEY,
  opened    BIGINT NOT NULL,
  downloads BIGINT NOT NULL,
  uploads   BIGINT NOT NULL,
  last_at   BIGINT NOT NULL
);

-- Downloads under way through links whose downloads are counted: of one
-- content each byte is handed out at most once, so that it can be resumed.
CREATE TABLE downloads (
  id         TEXT PRIMARY KEY,
  cell_id    BIGINT NOT NULL,
  node_id    BIGINT NOT NULL,
  version    BIGINT NOT NULL,
  since      BIGINT NOT NULL,    -- where the bytes begin that were taken on last
  handed     BIGINT NOT NULL,    -- bytes from the beginning that were handed out, or are being
  expires_at BIGINT NOT NULL
);
CREATE INDEX downloads_expiry ON downloads (expires_at);
CREATE INDEX downloads_cell ON downloads (cell_id);

CREATE TABLE house_rules (
  id      ID_KEY,
  role_id TEXT NOT NULL,
  node_id BIGINT NOT NULL,
  terms   TEXT NOT NULL
);
CREATE UNIQUE INDEX house_rules_place ON house_rules (role_id, node_id);
CREATE INDEX house_rules_node ON house_rules (node_id);

CREATE TABLE notices (
  id         ID_KEY,
  user_id    BIGINT NOT NULL,
  kind       TEXT NOT NULL,
  by_user    BIGINT NOT NULL,
  cell_id    BIGINT NOT NULL,
  node_id    BIGINT NOT NULL,
  request_id BIGINT NOT NULL,
  happened   BIGINT NOT NULL,
  text       TEXT NOT NULL,
  day        BIGINT NOT NULL,    -- notices of one kind and place are one a day
  at         BIGINT NOT NULL,
  seen       SMALLINT NOT NULL,
  mailed     SMALLINT NOT NULL
);
CREATE INDEX notices_user ON notices (user_id, id);
CREATE INDEX notices_day ON notices (day, kind, cell_id, node_id, user_id);
CREATE INDEX notices_mailed ON notices (mailed, at);

-- How someone wants to be told by mail.
CREATE TABLE notice_wishes (
  user_id   BIGINT PRIMARY KEY,
  mail      TEXT NOT NULL,       -- daily, at-once, never
  digest_at BIGINT NOT NULL      -- when he was last written to
);

CREATE TABLE requests (
  id          ID_KEY,
  user_id     BIGINT NOT NULL,
  node_id     BIGINT NOT NULL,
  rights      TEXT NOT NULL,
  message     TEXT NOT NULL,
  made_at     BIGINT NOT NULL,
  answer      TEXT NOT NULL,
  answered_by BIGINT NOT NULL,
  answered_at BIGINT NOT NULL,
  cell_id     BIGINT NOT NULL
);
CREATE INDEX requests_user ON requests (user_id);
CREATE INDEX requests_node ON requests (node_id);

-- Who may answer a request, as it was found when it was made.
CREATE TABLE request_managers (
  request_id BIGINT NOT NULL,
  user_id    BIGINT NOT NULL,
  PRIMARY KEY (request_id, user_id)
);
CREATE INDEX request_managers_user ON request_managers (user_id);

CREATE TABLE reviews (
  id      ID_KEY,
  by_user BIGINT NOT NULL,
  note    TEXT NOT NULL,
  due_at  BIGINT NOT NULL,
  made_at BIGINT NOT NULL
);

CREATE TABLE review_cells (
  review_id   BIGINT NOT NULL,
  cell_id     BIGINT NOT NULL,
  owner_id    BIGINT NOT NULL,
  label       TEXT NOT NULL,
  answer      TEXT NOT NULL,
  answered_at BIGINT NOT NULL,
  PRIMARY KEY (review_id, cell_id)
);
CREATE INDEX review_cells_cell ON review_cells (cell_id);
CREATE INDEX review_cells_owner ON review_cells (owner_id);

-- Counts the changes of people who own Cells.
INSERT INTO counters (name, value) VALUES ('owners', 0);

-- A resumable upload through a link belongs to no account: whoever holds its id
-- and comes through that link goes on with it.
ALTER TABLE uploads ADD COLUMN link_id BIGINT NOT NULL DEFAULT 0;

-- Servers read the access data anew.
UPDATE counters SET value = value + 1 WHERE name = 'access';
