package terminal

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/dustin/go-humanize"
)

// Bar is the line that a person watches during a transfer. It draws itself
// ten times a second at most, and is gone when it is stopped.
type Bar struct {
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

// NewBar draws on out, as wide as width says, until it is stopped.
func NewBar(out io.Writer, width func() int, now func() time.Time) *Bar {
	b := &Bar{out: out, width: width, now: now, begun: now(), ticker: time.NewTicker(time.Second), done: make(chan struct{})}
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

// Plan counts a file that is to be moved.
func (b *Bar) Plan(bytes int64) {
	b.change(func() {
		b.total += bytes
		b.files++
	})
}

// Move counts what was moved, or below zero what has to be moved again.
func (b *Bar) Move(bytes int64) { b.change(func() { b.moved += bytes }) }

// Finish counts a file as dealt with.
func (b *Bar) Finish() { b.change(func() { b.finished = min(b.finished+1, b.files) }) }

func (b *Bar) change(f func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f()
	if now := b.now(); !b.stopped && now.Sub(b.drawn) >= drawEvery {
		b.drawn = now
		fmt.Fprint(b.out, "\r"+b.line(now)+"\x1b[K")
	}
}

// Clear makes room for another line; the next change draws the bar again.
func (b *Bar) Clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.stopped {
		b.drawn = time.Time{}
		fmt.Fprint(b.out, "\r\x1b[K")
	}
}

// Stop takes the bar away for good. It may be called twice.
func (b *Bar) Stop() {
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
func (b *Bar) line(now time.Time) string {
	share := 0.0
	if b.total > 0 {
		share = min(1, max(0, float64(b.moved)/float64(b.total)))
	}
	text := fmt.Sprintf(" %3.0f%%  %s of %s  %d/%d files", share*100, Size(b.moved), Size(b.total), b.finished, b.files)
	if elapsed := now.Sub(b.begun); elapsed >= time.Second && b.moved > 0 {
		rate := float64(b.moved) / elapsed.Seconds()
		text += fmt.Sprintf("  %s/s", Size(int64(rate)))
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

// Size words a number of bytes.
func Size(bytes int64) string { return humanize.IBytes(uint64(max(0, bytes))) }
