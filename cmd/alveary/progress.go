package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"alveary/client/transfer"
)

// bar is the line that a person watches during a transfer. It draws itself
// ten times a second at most, and is gone when it is stopped.
type bar struct {
	out   io.Writer
	width func() int
	now   func() time.Time

	mu              sync.Mutex
	total, moved    int64
	files, finished int
	begun, drawn    time.Time
	stopped         bool
	ticker          *time.Ticker
	done            chan struct{}
}

const drawEvery = 100 * time.Millisecond

func newBar(out io.Writer, width func() int, now func() time.Time) *bar {
	b := &bar{out: out, width: width, now: now, begun: now(), ticker: time.NewTicker(time.Second), done: make(chan struct{})}
	go func() {
		for {
			select {
			case <-b.done:
				return
			case <-b.ticker.C: // so that the time goes on when nothing moves
				b.change(func() {})
			}
		}
	}()
	return b
}

// count takes in what was planned and what moved.
func (b *bar) count(e transfer.Event) {
	b.change(func() {
		if e.Result == transfer.Planned {
			b.total += e.Bytes
			b.files++
		} else {
			b.moved += e.Bytes
		}
	})
}

// finish counts a file as dealt with.
func (b *bar) finish() { b.change(func() { b.finished = min(b.finished+1, b.files) }) }

func (b *bar) change(f func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f()
	if now := b.now(); !b.stopped && now.Sub(b.drawn) >= drawEvery {
		b.drawn = now
		fmt.Fprint(b.out, "\r"+b.line(now)+"\x1b[K")
	}
}

// clear makes room for another line; the next change draws the bar again.
func (b *bar) clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.stopped {
		b.drawn = time.Time{}
		fmt.Fprint(b.out, "\r\x1b[K")
	}
}

// stop takes the bar away for good. It may be called twice.
func (b *bar) stop() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.stopped {
		return
	}
	b.stopped = true
	b.ticker.Stop()
	close(b.done)
	fmt.Fprint(b.out, "\r\x1b[K")
}

// line draws the bar at a time, as wide as the terminal and never wider.
func (b *bar) line(now time.Time) string {
	share := 0.0
	if b.total > 0 {
		share = min(1, max(0, float64(b.moved)/float64(b.total)))
	}
	text := fmt.Sprintf(" %3.0f%%  %s of %s  %d/%d files", share*100, size(b.moved), size(b.total), b.finished, b.files)
	if elapsed := now.Sub(b.begun); elapsed >= time.Second && b.moved > 0 {
		rate := float64(b.moved) / elapsed.Seconds()
		text += fmt.Sprintf("  %s/s", size(int64(rate)))
		if left := float64(b.total-b.moved) / rate; left >= 1 {
			text += "  " + (time.Duration(left) * time.Second).String() + " left"
		}
	}
	width := b.width()
	room := min(30, width-len(text)-3) // brackets, and one column that stays free so that no line is wrapped
	if room < 5 {
		return text[:min(len(text), max(0, width-1))]
	}
	full := int(share * float64(room))
	return "[" + strings.Repeat("#", full) + strings.Repeat(".", room-full) + "]" + text
}
