package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"alveary"
)

// countUp reads a number and writes the next one: two writers at a time would
// lose one.
func countUp(s *Store) error {
	return s.Write(context.Background(), func(tx *Tx) error {
		text, err := tx.Setting("count")
		if err != nil {
			return err
		}
		n, _ := strconv.Atoi(text) // empty at first
		return tx.SetSetting("count", strconv.Itoa(n+1))
	})
}

// Writers come one after the other, those of two servers on one database too.
func TestOneWriterAtATime(t *testing.T) {
	eachConfig(t, func(t *testing.T, cfg Config) {
		servers := []*Store{open(t, cfg)}
		if cfg.Postgres != "" {
			servers = append(servers, open(t, cfg))
		}
		const writers, each = 6, 20
		var all sync.WaitGroup
		for _, s := range servers {
			for range writers {
				all.Go(func() {
					for range each {
						if err := countUp(s); err != nil {
							t.Error(err)
							return
						}
					}
				})
			}
		}
		all.Wait()
		read(t, servers[0], func(tx *Tx) error {
			got, err := tx.Setting("count")
			if want := strconv.Itoa(len(servers) * writers * each); got != want {
				t.Errorf("counted to %s, want %s", got, want)
			}
			return err
		})
	})
}

// Two servers that fill one folder keep its count, its etags and its names.
func TestTwoServersFillOneFolder(t *testing.T) {
	cfg := databases[1].config(t)
	servers := []*Store{open(t, cfg), open(t, cfg)}
	var all sync.WaitGroup
	var made, taken atomic.Int64
	for _, s := range servers {
		for range 3 {
			all.Go(func() {
				for i := range 15 {
					err := tryOn(s, commonFolder, func(tx *Tx, l alveary.Lineage) error {
						_, err := tx.Insert(l, fileNamed(fmt.Sprint(i)))
						return err
					})
					switch {
					case err == nil:
						made.Add(1)
					case alveary.IsKind(err, alveary.KindConflict):
						taken.Add(1)
					default:
						t.Error(err)
					}
				}
			})
		}
	}
	all.Wait()
	if made.Load() != 15 || taken.Load() != 75 {
		t.Errorf("%d made, %d refused", made.Load(), taken.Load())
	}
	wantSound(t, servers[0])
}

// What one server takes away counts on the other as soon as the call returns
// (MODEL.md 7.5).
func TestServersSeeTheVersionAtOnce(t *testing.T) {
	cfg := databases[1].config(t)
	one, two := open(t, cfg), open(t, cfg)
	for range 20 {
		write(t, one, func(tx *Tx) error {
			_, err := tx.InsertEntry(alveary.Entry{Role: alveary.RootGroupRole, Node: commonFolder, Deny: true})
			return err
		})
		a, errA := one.AccessVersion(t.Context())
		b, errB := two.AccessVersion(t.Context())
		data, errC := two.Access(t.Context())
		if errA != nil || errB != nil || errC != nil || a != b || data.Version != a || data.Draft {
			t.Fatalf("version %d here, %d and %d there, %v %v %v", a, b, data.Version, errA, errB, errC)
		}
	}
}

// However many change the access data at once, the version that is told never
// falls behind one whose change has returned.
func TestVersionNeverFallsBehind(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		var all sync.WaitGroup
		rounds := 60
		if s.Dialect() == "postgres" {
			rounds = 10
		}
		for range 8 {
			all.Go(func() {
				for range rounds {
					var mine int64
					if err := s.Write(t.Context(), func(tx *Tx) error {
						e, err := tx.InsertEntry(alveary.Entry{Role: alveary.RootGroupRole, Node: commonFolder, Rights: alveary.RightRead})
						if err != nil {
							return err
						}
						if err := tx.DeleteEntry(e.ID); err != nil {
							return err
						}
						mine, err = tx.AccessVersion(t.Context())
						return err
					}); err != nil {
						t.Error(err)
						return
					}
					if told, err := s.AccessVersion(t.Context()); err != nil || told < mine {
						t.Errorf("told %d after the change that made %d, %v", told, mine, err)
						return
					}
				}
			})
		}
		all.Wait()
		told, err := s.AccessVersion(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		read(t, s, func(tx *Tx) error {
			held, err := tx.counter("access")
			if held != told {
				t.Errorf("told %d, %d holds", told, held)
			}
			return err
		})
	})
}

// A commit that is noted after the one that followed it does not bring an old
// version back.
func TestVersionIsNotedOutOfOrder(t *testing.T) {
	s := open(t, databases[0].config(t))
	have := s.access.Load()
	s.accessIs(have + 2)
	s.accessIs(have + 1)
	if got := s.access.Load(); got != have+2 {
		t.Errorf("version %d, want %d", got, have+2)
	}
}

// Readers do not wait for the writer and see one state, from before it or
// after.
func TestReadersDuringAWrite(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		before := namesIn(t, s, Listing{Folder: mainDatasource})
		on(t, s, mainDatasource, func(tx *Tx, l alveary.Lineage) error {
			if _, err := tx.Insert(l, folderNamed("new")); err != nil {
				return err
			}
			var all sync.WaitGroup
			for range 4 {
				all.Go(func() {
					ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
					defer cancel()
					if err := s.Read(ctx, func(tx *Tx) error {
						nodes, err := tx.Children(Listing{Folder: mainDatasource, Limit: 10})
						if len(nodes) != len(before) {
							t.Errorf("a change is seen before it is committed: %d nodes", len(nodes))
						}
						return err
					}); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			return nil
		})

		// And a reader that has begun keeps its state while others commit.
		read(t, s, func(tx *Tx) error {
			first, err := tx.Children(Listing{Folder: mainDatasource, Limit: 10})
			if err != nil {
				return err
			}
			insert(t, s, mainDatasource, folderNamed("newer"))
			second, err := tx.Children(Listing{Folder: mainDatasource, Limit: 10})
			if !slices.Equal(first, second) {
				t.Error("the state changed under a reader")
			}
			return err
		})
	})
}

// Many readers and writers at once end in a sound store.
func TestReadersAndWritersTogether(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		folders := insert(t, s, commonFolder, folderNamed("a"), folderNamed("b"), folderNamed("c"))
		var writers, readers sync.WaitGroup
		stop := make(chan struct{})
		for w := range 4 {
			writers.Go(func() {
				for i := range 25 {
					into, from := folders[(w+i)%3].ID, folders[i%3].ID
					name := fmt.Sprint("n", i%7)
					err := tryOn(s, from, func(tx *Tx, l alveary.Lineage) error {
						there, err := tx.Child(from, name)
						if alveary.IsKind(err, alveary.KindNotFound) {
							_, err = tx.Insert(l, fileNamed(name))
							return err
						}
						if err != nil {
							return err
						}
						switch line := l.Child(there); i % 4 {
						case 0:
							return place(into, name)(tx, line)
						case 1:
							return bin(tx, line)
						case 2:
							return erase(tx, line)
						default:
							_, err := tx.Replace(line, Content{Blob: "b"}, 0, 7)
							return err
						}
					})
					if err != nil && !alveary.IsKind(err, alveary.KindConflict) {
						t.Error(err)
						return
					}
				}
			})
		}
		for range 3 {
			readers.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
					}
					if err := s.Read(t.Context(), func(tx *Tx) error {
						for _, f := range folders {
							count, err := tx.CountChildren(f.ID)
							if err != nil {
								return err
							}
							nodes, err := tx.Children(Listing{Folder: f.ID, Limit: 1000})
							if err != nil {
								return err
							}
							if int64(len(nodes)) != count {
								t.Errorf("%d children, %d counted", len(nodes), count)
							}
						}
						return nil
					}); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		writers.Wait()
		close(stop)
		readers.Wait()
	})
}

// What was read since the store gave a state is as it was for as long as the
// store gives the same one, whoever writes meanwhile: nothing that anybody was
// told is done is missing from it. With PostgreSQL nothing is known, for others
// write as well.
func TestState(t *testing.T) {
	eachConfig(t, func(t *testing.T, cfg Config) {
		s := open(t, cfg)
		if cfg.Postgres != "" {
			if _, known := s.State(); known {
				t.Error("a server that is not alone knows the state")
			}
			return
		}
		before, known := s.State()
		read(t, s, func(*Tx) error { return nil })
		_ = s.Write(t.Context(), func(*Tx) error { return errors.New("given up") })
		if now, still := s.State(); !known || !still || now != before {
			t.Errorf("reading, and writing nothing, made %d of %d (%v, %v)", now, before, known, still)
		}
		var done atomic.Int64
		var all sync.WaitGroup
		defer all.Wait()
		for range 2 {
			all.Go(func() {
				for range 200 {
					if err := countUp(s); err != nil {
						t.Error(err)
						return
					}
					done.Add(1)
				}
			})
		}
		held := 0
		for done.Load() < 400 && !t.Failed() {
			state, known := s.State()
			if !known {
				continue
			}
			seen := 0
			read(t, s, func(tx *Tx) error {
				text, err := tx.Setting("count")
				seen, _ = strconv.Atoi(text)
				return err
			})
			for range 10 {
				told := int(done.Load())
				if now, known := s.State(); !known || now != state {
					break
				}
				if held++; seen < told {
					t.Fatalf("%d were told of, %d were seen, and the state is the same", told, seen)
				}
			}
		}
		if held == 0 {
			t.Error("no state ever held")
		}
	})
}
