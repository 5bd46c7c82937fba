package visit

import (
	"fmt"
	"testing"
)

// Whoever comes from one address, or wants one link, leaves room for others.
func TestQueueLeavesRoom(t *testing.T) {
	var q queue
	flood := []string{"from 192.0.2.7", "to link:1"}
	for range mostOfOne {
		if !q.enter(flood) {
			t.Fatal("there is no room")
		}
	}
	for _, of := range [][]string{flood, {"from 192.0.2.7", "to link:2"}, {"from 192.0.2.8", "to link:1"}} {
		if q.enter(of) {
			t.Errorf("%v entered", of)
		}
	}
	for n := range mostWaiting - mostOfOne {
		if !q.enter([]string{fmt.Sprint("from ", n), fmt.Sprint("to ", n)}) {
			t.Fatalf("number %d found no room", n)
		}
	}
	other := []string{"from elsewhere", "to link:9"}
	if q.enter(other) {
		t.Error("there is room for more than all")
	}
	q.leave(flood)
	if !q.enter(other) || q.enter(other) {
		t.Error("who left made no room for one")
	}
	q.leave(other)
	if !q.enter(flood) {
		t.Error("who left made no room for his like")
	}
	for range mostOfOne {
		q.leave(flood)
	}
	if q.of[flood[0]] != 0 || len(q.of) != 2*(mostWaiting-mostOfOne) {
		t.Errorf("%d are counted still", len(q.of))
	}
}
