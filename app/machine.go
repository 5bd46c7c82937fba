package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"alveary"
	"alveary/config"
	"alveary/gateway"
	"alveary/service/login"
)

// NewUser is an account to be made on the machine itself.
type NewUser struct {
	Login    string          `json:"login"`
	Name     string          `json:"name"`
	Email    string          `json:"email"`
	Password string          `json:"password"`
	Profile  alveary.Profile `json:"profile"` // empty: standard
	Group    string          `json:"group"`   // path such as /sales/north; empty: the root group
}

// NewToken is an access token to be made on the machine itself.
type NewToken struct {
	Login   string    `json:"login"`
	Label   string    `json:"label"`
	Expires time.Time `json:"expires"` // zero: does not expire
}

// Made is what came of it.
type Made struct {
	Login  string `json:"login"`
	ID     string `json:"id"`
	Secret string `json:"secret,omitempty"` // of a token; shown once
}

// Account names an account.
type Account struct {
	Login string `json:"login"`
}

// AddUser makes an account: through the socket of the server that runs on the
// data folder, or in its database when none runs.
func AddUser(ctx context.Context, place config.Place, n NewUser) (made Made, err error) {
	return atMachine(ctx, place, "/users", n, (*house).addUser)
}

// CreateToken makes an access token for a user, like AddUser.
func CreateToken(ctx context.Context, place config.Place, n NewToken) (made Made, err error) {
	return atMachine(ctx, place, "/tokens", n, (*house).createToken)
}

// ResetFactors takes the second factors of a user away, an administrator's
// too, like AddUser.
func ResetFactors(ctx context.Context, place config.Place, a Account) (Account, error) {
	return atMachine(ctx, place, "/factors/reset", a, (*house).resetFactors)
}

func (h *house) addUser(ctx context.Context, n NewUser) (Made, error) {
	u, err := h.login.AddUserHere(ctx, login.NewUser{
		Login: n.Login, Name: n.Name, Email: n.Email, Password: n.Password, Profile: n.Profile, Group: n.Group,
	})
	return Made{Login: u.Login, ID: alveary.NodeID(u.ID).String()}, err
}

func (h *house) createToken(ctx context.Context, n NewToken) (Made, error) {
	t, secret, err := h.login.CreateTokenFor(ctx, n.Login, n.Label, n.Expires)
	return Made{Login: n.Login, ID: string(t.ID), Secret: secret}, err
}

func (h *house) resetFactors(ctx context.Context, a Account) (Account, error) {
	return a, h.login.ResetFactorsHere(ctx, a.Login)
}

// atMachine asks the running server, or does it here when there is none.
func atMachine[I, O any](ctx context.Context, place config.Place, path string, in I, here func(*house, context.Context, I) (O, error)) (out O, err error) {
	socket := socketPath(place.Data)
	if _, err := os.Stat(socket); err == nil {
		asked, err := askSocket(ctx, socket, path, in, &out)
		if asked {
			return out, err
		}
	}
	if _, err := os.Stat(filepath.Join(place.Data, "installation")); errors.Is(err, os.ErrNotExist) {
		return out, &alveary.Error{
			Kind: alveary.KindNotFound, Op: "open the data folder", Subject: place.Data,
			Message: "no server has run on this data folder yet: name the server's with --data, or start the server once",
		}
	}
	h, err := open(ctx, place, briefLives())
	if err != nil {
		return out, err
	}
	out, err = here(h, ctx, in)
	return out, errors.Join(err, h.close())
}

func socketPath(dir string) string { return filepath.Join(dir, "machine.sock") }

// askSocket asks the server behind the socket; asked is false where none
// listens, which a socket left by a crash looks like.
func askSocket(ctx context.Context, socket, path string, in, out any) (asked bool, err error) {
	client := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", socket)
	}}}
	body, err := json.Marshal(in)
	if err != nil {
		return false, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://machine"+path, bytes.NewReader(body))
	if err != nil {
		return false, err
	}
	answer, err := client.Do(r)
	if err != nil {
		return false, err
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode == http.StatusOK {
		return true, json.NewDecoder(answer.Body).Decode(out)
	}
	var p gateway.Problem
	if err := json.NewDecoder(answer.Body).Decode(&p); err != nil {
		return true, fmt.Errorf("the server answered %s: %w", answer.Status, err)
	}
	return true, &alveary.Error{Kind: kindOf(answer.StatusCode), Op: "ask the running server", Message: p.Detail, Code: p.Code}
}

func kindOf(status int) alveary.Kind {
	for kind := alveary.KindInvalid; kind <= alveary.KindBusy; kind++ {
		if gateway.StatusOf(kind) == status {
			return kind
		}
	}
	return alveary.KindInternal
}

// serveMachine answers on the socket until ctx ends. Who can open it owns the
// data folder, and may do what he could do to the files by hand.
func (h *house) serveMachine(ctx context.Context, log *slog.Logger) error {
	path := socketPath(h.dir)
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("take the socket of an earlier run away: %w", err)
	}
	ln, err := (&net.ListenConfig{}).Listen(ctx, "unix", path)
	if err != nil {
		// A path too long for a socket must not keep the server from running.
		log.Warn("commands on this machine need the server stopped", "error", err.Error())
		<-ctx.Done()
		return nil
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return errors.Join(err, ln.Close())
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /users", answer(h, (*house).addUser))
	mux.HandleFunc("POST /tokens", answer(h, (*house).createToken))
	mux.HandleFunc("POST /factors/reset", answer(h, (*house).resetFactors))
	mux.HandleFunc("POST /doctor", answer(h, (*house).examine))
	mux.HandleFunc("POST /unlock", answer(h, (*house).unlock))
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func answer[I, O any](h *house, do func(*house, context.Context, I) (O, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var in I
		decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&in); err != nil {
			gateway.WriteProblem(w, r, &alveary.Error{Kind: alveary.KindInvalid, Op: "read the request", Message: "the request is not the JSON that is expected", Cause: err})
			return
		}
		out, err := do(h, r.Context(), in)
		if err != nil {
			gateway.WriteProblem(w, r, err)
			return
		}
		_ = json.NewEncoder(w).Encode(out) // the asker is gone; there is nobody to tell
	}
}
