CREATE TABLE counters (
  name  TEXT PRIMARY KEY,
  value BIGINT NOT NULL
);
INSERT INTO counters (name, value) VALUES ('revision', 1), ('access', 1);

CREATE TABLE nodes (
  id         ID_KEY,
  parent_id  BIGINT NOT NULL,
  name       TEXT NOT NULL,
  name_key   BYTE_ORDERED NOT NULL,
  sort_key   BYTE_ORDERED NOT NULL,
  kind       SMALLINT NOT NULL,
  size       BIGINT NOT NULL,
  mime       BYTE_ORDERED NOT NULL,
  sha256     TEXT NOT NULL,
  blob       TEXT NOT NULL,
  version    BIGINT NOT NULL,
  revision   BIGINT NOT NULL,
  children   BIGINT NOT NULL,
  mtime      BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  owner_id   BIGINT NOT NULL,
  binned_at  BIGINT NOT NULL,
  binned_by  BIGINT NOT NULL
);
CREATE UNIQUE INDEX nodes_name ON nodes (parent_id, name_key) WHERE binned_at = 0;
CREATE INDEX nodes_order ON nodes (parent_id, binned_at, kind, sort_key, id);
CREATE INDEX nodes_bin ON nodes (binned_at, id) WHERE binned_at > 0;

CREATE TABLE versions (
  node_id    BIGINT NOT NULL,
  version    BIGINT NOT NULL,
  blob       TEXT NOT NULL,
  size       BIGINT NOT NULL,
  sha256     TEXT NOT NULL,
  mime       TEXT NOT NULL,
  mtime      BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by BIGINT NOT NULL,
  PRIMARY KEY (node_id, version)
);
CREATE INDEX versions_blob ON versions (blob);

CREATE TABLE uploads (
  id         TEXT PRIMARY KEY,
  user_id    BIGINT NOT NULL,
  parent_id  BIGINT NOT NULL,
  relative   TEXT NOT NULL,
  name       TEXT NOT NULL,
  conflict   TEXT NOT NULL,
  if_match   TEXT NOT NULL,
  blob       TEXT NOT NULL,
  length     BIGINT NOT NULL,
  sha256     TEXT NOT NULL,
  mime       TEXT NOT NULL,
  mtime      BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  node_id    BIGINT NOT NULL
);
CREATE INDEX uploads_blob ON uploads (blob);
CREATE INDEX uploads_expiry ON uploads (expires_at);

CREATE TABLE groups_tree (
  id        ID_KEY,
  parent_id BIGINT NOT NULL,
  name      TEXT NOT NULL,
  name_key  BYTE_ORDERED NOT NULL,
  role_id   TEXT NOT NULL
);
CREATE UNIQUE INDEX groups_tree_name ON groups_tree (parent_id, name_key);

CREATE TABLE users (
  id            ID_KEY,
  login         TEXT NOT NULL,
  login_key     BYTE_ORDERED NOT NULL,
  name          TEXT NOT NULL,
  email         TEXT NOT NULL,
  profile       TEXT NOT NULL,
  group_id      BIGINT NOT NULL,
  disabled      SMALLINT NOT NULL,
  password_hash TEXT NOT NULL,
  role_id       TEXT NOT NULL,
  created_at    BIGINT NOT NULL
);
CREATE UNIQUE INDEX users_login ON users (login_key);

CREATE TABLE roles (
  id          TEXT PRIMARY KEY,
  label       TEXT NOT NULL,
  profiles    TEXT NOT NULL,
  force_last  SMALLINT NOT NULL,
  owner_user  BIGINT NOT NULL,
  owner_group BIGINT NOT NULL
);

CREATE TABLE user_roles (
  user_id  BIGINT NOT NULL,
  position BIGINT NOT NULL,
  role_id  TEXT NOT NULL,
  PRIMARY KEY (user_id, position)
);

CREATE TABLE entries (
  id         ID_KEY,
  role_id    TEXT NOT NULL,
  node_id    BIGINT NOT NULL,
  template   TEXT NOT NULL,
  rights     TEXT NOT NULL,
  deny       SMALLINT NOT NULL,
  policies   TEXT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX entries_node ON entries (node_id);
CREATE INDEX entries_role ON entries (role_id);

CREATE TABLE workspaces (
  slug     TEXT PRIMARY KEY,
  label    TEXT NOT NULL,
  position BIGINT NOT NULL,
  node_id  BIGINT NOT NULL,
  template TEXT NOT NULL
);

CREATE TABLE templates (
  id        TEXT PRIMARY KEY,
  parent_id BIGINT NOT NULL
);

CREATE TABLE homes (
  user_id  BIGINT NOT NULL,
  template TEXT NOT NULL,
  node_id  BIGINT NOT NULL,
  PRIMARY KEY (user_id, template)
);

CREATE INDEX homes_node ON homes (node_id);

CREATE TABLE sessions (
  id         TEXT PRIMARY KEY,
  user_id    BIGINT NOT NULL,
  secret     TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at    BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  address    TEXT NOT NULL,
  agent      TEXT NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id);

CREATE TABLE tokens (
  id         TEXT PRIMARY KEY,
  user_id    BIGINT NOT NULL,
  secret     TEXT NOT NULL,
  label      TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at    BIGINT NOT NULL
);
CREATE INDEX tokens_user ON tokens (user_id);

CREATE TABLE settings (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

CREATE TABLE audit (
  id      ID_KEY,
  at      BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  login   TEXT NOT NULL,
  action  TEXT NOT NULL,
  verdict TEXT NOT NULL,
  node_id BIGINT NOT NULL,
  path    TEXT NOT NULL,
  detail  TEXT NOT NULL,
  address TEXT NOT NULL,
  request TEXT NOT NULL
);
CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_node ON audit (node_id);
