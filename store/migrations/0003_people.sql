-- Who signed in how, and when he last proved it.
ALTER TABLE sessions ADD COLUMN method TEXT NOT NULL DEFAULT 'password';
ALTER TABLE sessions ADD COLUMN level SMALLINT NOT NULL DEFAULT 1;
ALTER TABLE sessions ADD COLUMN authenticated_at BIGINT NOT NULL DEFAULT 0;
UPDATE sessions SET authenticated_at = created_at;

ALTER TABLE tokens ADD COLUMN level SMALLINT NOT NULL DEFAULT 1;
ALTER TABLE tokens ADD COLUMN scope TEXT NOT NULL DEFAULT '';

ALTER TABLE roles ADD COLUMN second_factor SMALLINT NOT NULL DEFAULT 0;
ALTER TABLE roles ADD COLUMN invites SMALLINT NOT NULL DEFAULT 0;
ALTER TABLE roles ADD COLUMN team SMALLINT NOT NULL DEFAULT 0;
-- What users and groups own is made when an entry first needs it.
DELETE FROM roles WHERE owner_user <> 0 AND id NOT IN (SELECT role_id FROM entries);
DELETE FROM roles WHERE owner_group <> 0 AND id <> 'ROOT_GROUP' AND id NOT IN (SELECT role_id FROM entries);

CREATE TABLE team_members (
  role_id TEXT NOT NULL,
  user_id BIGINT NOT NULL,
  manager SMALLINT NOT NULL,
  PRIMARY KEY (role_id, user_id)
);
CREATE INDEX team_members_user ON team_members (user_id);

ALTER TABLE users ADD COLUMN created_by BIGINT NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN signed_in_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX users_profile ON users (profile);
CREATE INDEX users_state ON users (disabled);

-- The words by which people are found.
CREATE TABLE user_words (
  word    BYTE_ORDERED NOT NULL,
  user_id BIGINT NOT NULL,
  PRIMARY KEY (word, user_id)
);
CREATE INDEX user_words_user ON user_words (user_id, word);

CREATE TABLE factors (
  id         TEXT PRIMARY KEY,
  user_id    BIGINT NOT NULL,
  kind       TEXT NOT NULL,
  label      TEXT NOT NULL,
  secret     TEXT NOT NULL,
  step       BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  used_at    BIGINT NOT NULL
);
CREATE INDEX factors_user ON factors (user_id);

-- What is waited for: a second factor, a passkey, an enrolment.
CREATE TABLE pending (
  id         TEXT PRIMARY KEY,
  user_id    BIGINT NOT NULL,
  secret     TEXT NOT NULL,
  kind       TEXT NOT NULL,
  stamp      TEXT NOT NULL,
  data       TEXT NOT NULL,
  tries      BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX pending_user ON pending (user_id);
CREATE INDEX pending_expiry ON pending (expires_at);

-- Links by which a password is chosen: invitations and resets.
CREATE TABLE letters (
  id         TEXT PRIMARY KEY,
  user_id    BIGINT NOT NULL,
  secret     TEXT NOT NULL,
  kind       TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX letters_user ON letters (user_id);

-- Failed sign-ins, by what failed: an account or an address.
CREATE TABLE failures (
  id       TEXT PRIMARY KEY,
  kind     TEXT NOT NULL,
  user_id  BIGINT NOT NULL,
  address  TEXT NOT NULL,
  failed   BIGINT NOT NULL,
  first_at BIGINT NOT NULL,
  last_at  BIGINT NOT NULL
);
CREATE INDEX failures_last ON failures (last_at);

-- What counts once: proofs of work.
CREATE TABLE spent (
  id         TEXT PRIMARY KEY,
  expires_at BIGINT NOT NULL
);

CREATE TABLE outbox (
  id         ID_KEY,
  recipient  TEXT NOT NULL,
  kind       TEXT NOT NULL,
  data       TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  next_at    BIGINT NOT NULL,
  tries      BIGINT NOT NULL,
  failure    TEXT NOT NULL
);
CREATE INDEX outbox_next ON outbox (next_at);

INSERT INTO counters (name, value) VALUES ('people', 1);
UPDATE counters SET value = value + 1 WHERE name = 'access';
