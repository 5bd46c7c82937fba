CREATE TABLE policies (
  id      TEXT PRIMARY KEY,
  version BIGINT NOT NULL
);

CREATE TABLE policy_versions (
  policy_id TEXT NOT NULL,
  version   BIGINT NOT NULL,
  body      TEXT NOT NULL,
  author    TEXT NOT NULL,
  at        BIGINT NOT NULL,
  note      TEXT NOT NULL,
  deleted   SMALLINT NOT NULL,
  PRIMARY KEY (policy_id, version)
);

CREATE TABLE policy_scenarios (
  policy_id TEXT NOT NULL,
  position  BIGINT NOT NULL,
  name      TEXT NOT NULL,
  body      TEXT NOT NULL,
  PRIMARY KEY (policy_id, position)
);

CREATE TABLE policy_observations (
  policy_id TEXT PRIMARY KEY,
  total     BIGINT NOT NULL,
  last_at   BIGINT NOT NULL
);

CREATE TABLE namespaces (
  name    BYTE_ORDERED PRIMARY KEY,
  label   TEXT NOT NULL,
  editors TEXT NOT NULL
);
INSERT INTO namespaces (name, label, editors) VALUES ('usermeta-tags', 'Tags', 'writers');

ALTER TABLE nodes ADD COLUMN meta TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN attributes TEXT NOT NULL DEFAULT '';

CREATE INDEX users_group ON users (group_id);
CREATE INDEX user_roles_role ON user_roles (role_id);

UPDATE counters SET value = value + 1 WHERE name = 'access';
