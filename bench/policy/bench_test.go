package policy

import (
	"runtime"
	"syscall"
	"testing"
	"time"

	"alveary"
	"alveary/authz"
)

// The kinds of answers, as Benchmark{Allow,Deny,Default}/{engine}/{policies}.
// Each goes round 64 users, workspaces and requests, so that what is asked for
// is not always in the processor's cache.

func BenchmarkAllow(b *testing.B)   { decide(b, true, (*world).allowed) }
func BenchmarkDeny(b *testing.B)    { decide(b, false, (*world).denied) }
func BenchmarkDefault(b *testing.B) { decide(b, false, (*world).unanswered) }

func decide(b *testing.B, want bool, which func(*world) []question) {
	for _, c := range contenders() {
		b.Run(c.name, func(b *testing.B) {
			for _, s := range shapes() {
				b.Run(s.name, func(b *testing.B) {
					w := decisions(s)
					e := load(b, c, w)
					questions := which(w)
					i := 0
					defer cpu(b)()
					for b.Loop() {
						got, err := e.allows(&questions[i%each])
						if err != nil || got != want {
							b.Fatalf("%v %v, want %v", got, err, want)
						}
						i++
					}
				})
			}
		})
	}
}

// cpu also reports what the processors did for each operation, which tells more
// than the clock where a machine is shared. The setting up is not in it.
func cpu(b *testing.B) func() {
	b.ReportAllocs()
	start := spent()
	return func() { b.ReportMetric(float64(spent()-start)/float64(b.N), "cpu-ns/op") }
}

func spent() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func load(b *testing.B, c contender, w *world) engine {
	b.Helper()
	e, err := c.load(w)
	if err != nil {
		b.Fatal(err)
	}
	runtime.GC() // what loading left behind is not the engine's
	return e
}

// BenchmarkListing filters 10,000 entries: the whole of it, the request
// included.
func BenchmarkListing(b *testing.B) {
	w := listing()
	q := &w.questions[0]
	into := make([]bool, len(w.entries))
	for _, c := range contenders() {
		e := load(b, c, w)
		if l, ok := e.(lister); ok {
			b.Run(c.name, func(b *testing.B) {
				defer cpu(b)()
				for b.Loop() {
					if err := l.visible(q, into); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
		b.Run(c.name+"-entrywise", func(b *testing.B) {
			defer cpu(b)()
			for b.Loop() {
				if err := entrywise(e, w.entries, q, into); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkLoad makes an engine from 10,000 policies. heap-MB is what it holds
// when all else is gone.
func BenchmarkLoad(b *testing.B) {
	w := decisions(shapes()[2])
	for _, c := range contenders() {
		b.Run(c.name+"/10000", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				load(b, c, w)
			}
			b.StopTimer()
			before := heap()
			e := load(b, c, w)
			b.ReportMetric(float64(heap()-before)/1e6, "heap-MB")
			runtime.KeepAlive(e)
		})
	}
}

func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC() // the second frees what finalizers and pools held
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// BenchmarkBoundCheck asks about files when who asks and the request are
// settled already: `check` along the whole lineage, `folder` beneath a folder
// that is settled too.
func BenchmarkBoundCheck(b *testing.B) {
	s := shapes()[2]
	w := decisions(s)
	run := func(name string, ask func() bool) {
		b.Run(name+"/"+s.name, func(b *testing.B) {
			defer cpu(b)()
			for b.Loop() {
				if !ask() {
					b.Fatal("denied")
				}
			}
		})
	}
	f, err := newFloor(w, false)
	if err != nil {
		b.Fatal(err)
	}
	o, err := newOurs(w)
	if err != nil {
		b.Fatal(err)
	}
	// One asker, and each file of those that may be read where he asks.
	q := &w.questions[0]
	files, lines := make([]*file, each), make([]alveary.Lineage, each)
	for i := range each {
		files[i] = &w.questions[i].file
		lines[i] = append(o.asked[0].line[:2:2], o.asked[i].line.Node())
	}
	bound, err := f.bind(q)
	if err != nil {
		b.Fatal(err)
	}
	access, err := o.bind(q)
	if err != nil {
		b.Fatal(err)
	}
	folder := access.In(lines[0][:2])
	i := 0
	next := func() int { i = (i + 1) % each; return i }
	run("floor", func() bool { return bound.check(files[next()]) })
	run("ours-check", func() bool { return access.Check(authz.See, lines[next()]) == nil })
	run("ours-folder", func() bool { return folder.Rights(lines[next()][2]).Has(alveary.ActionRead) })
	run("ours-bind", func() bool { _, err := o.bind(q); return err == nil })
}
