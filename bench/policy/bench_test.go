package policy

import (
	"runtime"
	"testing"
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
					b.ReportAllocs()
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
				b.ReportAllocs()
				for b.Loop() {
					if err := l.visible(q, into); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
		b.Run(c.name+"-entrywise", func(b *testing.B) {
			b.ReportAllocs()
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

// BenchmarkBoundCheck asks about a file when who asks and the request are
// settled already.
func BenchmarkBoundCheck(b *testing.B) {
	w := decisions(shapes()[2])
	f, err := newFloor(w, false)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("floor", func(b *testing.B) {
		q := &w.questions[0]
		bound, err := f.bind(q)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		for b.Loop() {
			if !bound.check(&q.file) {
				b.Fatal("denied")
			}
		}
	})
}
