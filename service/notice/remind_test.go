package notice_test

import (
	"testing"

	"alveary"
	"alveary/store"
)

// Owner and managers are reminded seven days before an end and the day before,
// members of a Cell the day before: all of them once.
func TestEndsAreToldOfOnce(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		w.cell("Plans", func(c *alveary.Cell) { c.Until, c.Managers = at(20, 12, 0), []alveary.UserID{w.eve} })
		w.link("Report", alveary.LinkRead, func(c *alveary.Cell) { c.Until = at(20, 12, 0) })
		w.cell("Endless", nil)
		w.cell("Short", func(c *alveary.Cell) { c.Until = at(4, 12, 0) })
		w.round()
		for _, nobody := range []alveary.UserID{w.ann, w.ben, w.eve} {
			same(t, "at first", w.told(nobody))
		}
		w.until(3, 11, 59)
		w.round()
		same(t, "a little early", w.told(w.ann))
		w.until(3, 12, 1)
		w.round()
		same(t, "of what was short from the beginning", w.told(w.ann), "The Cell Short ends on 4 June")
		same(t, "its member", w.told(w.ben), "The Cell Short ends on 4 June")
		w.until(13, 12, 1)
		for range 3 {
			w.round()
		}
		same(t, "owner", w.told(w.ann), "The link Report ends on 20 June", "The Cell Plans ends on 20 June", "The Cell Short ended on 4 June")
		same(t, "manager", w.told(w.eve), "The Cell Plans ends on 20 June")
		same(t, "member", w.told(w.ben), "The Cell Short ended on 4 June")
		w.until(19, 12, 1)
		for range 3 {
			w.round()
		}
		if n := len(w.told(w.ann)); n != 5 {
			t.Errorf("%q", w.told(w.ann))
		}
		same(t, "member", w.told(w.ben), "The Cell Plans ends on 20 June", "The Cell Short ended on 4 June")
		w.until(20, 12, 1)
		w.round()
		if n := len(w.told(w.ann)) + len(w.told(w.ben)) + len(w.told(w.eve)); n != 5+2+2 {
			t.Errorf("%d notices", n)
		}
	})
}

// An end that is moved is another one.
func TestMovedEndsAreToldOfAnew(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		c := w.cell("Plans", func(c *alveary.Cell) { c.Until = at(20, 12, 0) })
		w.until(14, 0, 0)
		w.round()
		same(t, "before", w.told(w.ann), "The Cell Plans ends on 20 June")
		c.Until = at(28, 12, 0)
		w.changeCell(c)
		w.round()
		same(t, "at once", w.told(w.ann), "The Cell Plans was to end on 20 June")
		w.until(22, 0, 0)
		w.round()
		same(t, "after", w.told(w.ann), "The Cell Plans ends on 28 June", "The Cell Plans was to end on 20 June")
		w.write(func(tx *store.Tx) error { return tx.DeleteCell(c.ID) })
		w.until(27, 13, 0)
		w.round()
		if n := len(w.told(w.ann)); n != 2 {
			t.Errorf("%q", w.told(w.ann))
		}
	})
}

// Where house rules bound the life of links, that end is told of, and then that
// it came.
func TestEndsByHouseRulesAreToldOf(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		w.link("Report", alveary.LinkRead, func(c *alveary.Cell) { c.Until = at(28, 12, 0) })
		days := int64(20)
		w.rule(alveary.Terms{Days: &days})
		w.until(14, 12, 1)
		w.round()
		same(t, "early", w.told(w.ann), "The link Report ends on 21 June")
		w.until(20, 12, 1)
		w.round()
		w.until(21, 12, 1)
		w.round()
		same(t, "at last", w.told(w.ann), "House rules stopped your link Report: it has lasted as long as links may",
			"The link Report was to end on 21 June", "The link Report was to end on 21 June")
	})
}

// Owners are told which rule stops what they share, of each rule once.
func TestStopsAreToldOfOnce(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		w.link("Report", alveary.LinkRead, nil)
		w.link("Locked", alveary.LinkRead, func(c *alveary.Cell) { c.Link.Password = true })
		w.cell("Plans", nil)
		w.round()
		same(t, "without rules", w.told(w.ann))
		yes, no := true, false
		rule := w.rule(alveary.Terms{Password: &yes})
		for range 3 {
			w.round()
		}
		same(t, "with a rule", w.told(w.ann), "House rules stopped your link Report: links need a password")
		same(t, "others", w.told(w.ben))
		w.write(func(tx *store.Tx) error { return tx.DeleteHouseRule(rule) })
		w.round()
		rule = w.rule(alveary.Terms{Password: &yes})
		w.round()
		same(t, "with the same rule again", w.told(w.ann), "House rules stopped your link Report: links need a password")
		w.write(func(tx *store.Tx) error { return tx.DeleteHouseRule(rule) })
		w.change(w.ann, func(u *alveary.User) { u.Disabled = true })
		rule = w.rule(alveary.Terms{Cells: &no})
		w.round()
		w.change(w.ann, func(u *alveary.User) { u.Disabled = false })
		w.until(1, 13, 0)
		w.round()
		same(t, "with another", w.told(w.ann), "House rules stopped your Cell Plans: those who share it may not make Cells here",
			"House rules stopped your link Report: links need a password")
	})
}

// What was told long ago is forgotten.
func TestOldNoticesAreForgotten(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		w.notify(alveary.Notice{User: w.ann, Kind: alveary.NoticeHanded, Text: "Plans"})
		w.until(1, 12, 0)
		w.round()
		w.until(1+89, 12, 0)
		w.round()
		if n := len(w.told(w.ann)); n != 1 {
			t.Errorf("%d notices after 89 days", n)
		}
		w.until(1+90, 12, 1)
		w.round()
		if n := len(w.told(w.ann)); n != 0 {
			t.Errorf("%d notices after 90 days", n)
		}
	})
}
