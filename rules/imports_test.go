package rules

import (
	"path"
	"slices"
	"strings"
	"testing"
)

// plan is the plan of the house. The first line that fits a room counts. A
// name that ends in /* stands for everything beneath it, one that ends in /**
// for the room as well.
//
// Imports fall, never rise, never go sideways.
var plan = []struct {
	room    string
	may     []string // rooms; "." is the root package
	bare    bool     // nothing but the standard library beside them
	because string
}{
	{".", nil, true, "the root package is the language everyone speaks: the standard library only, no I/O"},
	{"acl", []string{"."}, true, "a decision is a function of its arguments"},
	{"policy/match", nil, true, "what is compared knows neither rules nor nodes"},
	{"policy/conditions", []string{".", "policy/match"}, false, "a decision is a function of its arguments; CEL alone comes from outside, since an expression language is more than we should write ourselves"},
	{"policy", []string{".", "policy/conditions"}, true, "a decision is a function of its arguments"},
	{"policy/templates", []string{"."}, true, "policies to begin with and their scenarios are data, embedded"},
	{"authz/within", []string{".", "acl", "policy"}, true, "that one holds no more than another is shown by the heart's own values; it asks nobody"},
	{"authz/lint", []string{".", "acl", "policy"}, true, "what is hardly meant about entries is found in the data alone"},
	{"authz/scope", []string{"."}, true, "what a token is for is a function of its scope"},
	{"authz/ways", []string{".", "acl"}, true, "which Cells lead somewhere, and what stops them, is found in the data alone; what they give is asked elsewhere"},
	{"authz/tally", []string{"."}, true, "how often something was counted knows nothing of what it was"},
	{"authz/trace", []string{".", "policy"}, true, "an explanation is plain data, with what would turn it; it asks nobody"},
	{"authz/bound", []string{".", "acl", "policy", "authz/within", "authz/ways", "authz/trace"}, true, "access data are compiled and bound to who asks before any node is known; nothing is decided on one"},
	{"authz", []string{".", "acl", "policy", "authz/bound", "authz/scope", "authz/tally", "authz/trace", "authz/ways", "authz/within"}, false, "the gate is the only importer of the heart; what it needs from the database it states as a small interface"},
	{"authz/simulate", []string{".", "acl", "authz", "authz/trace"}, true, "what a change would do is asked of the gate; it decides nothing itself"},
	{"authz/scenario", []string{".", "authz", "authz/lint", "policy", "acl"}, false, "a scenario file is answered by the very gate that serves requests; it brings its own people, tree and entries in memory"},

	{"blob/*", []string{".", "blob"}, false, "a driver knows its seam and the vocabulary"},
	{"event/*", []string{".", "event"}, false, "a driver knows its seam and the vocabulary"},
	{"directory/*", []string{".", "directory"}, false, "a driver knows its seam and the vocabulary"},
	{"store/**", []string{".", "store/*"}, false, "it keeps and finds, and never decides"},
	{"blob", []string{"."}, false, "it keeps and finds, and never decides"},
	{"event", []string{"."}, false, "it keeps and finds, and never decides"},
	{"directory", []string{"."}, false, "it keeps and finds, and never decides"},

	{"vault", []string{"."}, true, "what is sealed and opened knows nothing of what it is"},

	{"captcha", []string{"."}, true, "a proof of work is a function of a key, a clock and randomness: it knows no account, attempt or request"},

	{"qr", nil, false, "a picture of a text is a function of it: it knows no secret, link or request"},

	{"thumb", nil, false, "a small picture is a function of a large one: it knows no file, right or request"},

	{"render", []string{".", "thumb"}, false, "what is shown in place of a file is a function of its bytes: it knows no file, right or request"},

	{"service/files/desk", []string{".", "authz", "store"}, false, "a request stands on a transaction and the gate, and on nothing else"},
	{"service/files/guide", []string{".", "authz", "store", "service/files/desk"}, false, "looking around stands at the same desk as changing, and opens no content"},
	{"service/files/pack", nil, true, "how a zip is written down knows no file, right or request"},
	{"service/files/vigil", []string{".", "authz", "store", "service/files/desk"}, false, "what is under way is asked again on a transaction and the gate, in the words of the desk; bytes and connections are not known there"},
	{"service/govern/document", []string{"."}, true, "what is answered is plain data"},
	{"service/govern/intake", []string{".", "authz/scenario", "policy", "service/govern/document"}, false, "what people write is read without knowing what is stored"},
	{"service/govern/runner", []string{".", "authz"}, true, "what waits for a simulation knows nothing of the change"},
	{"service/govern", []string{".", "authz", "authz/lint", "authz/scenario", "authz/simulate", "policy", "policy/templates", "store", "service/govern/*"}, false, "a policy is compiled, looked through and tried before it is stored; what it decides is asked at the gate"},
	{"service/login/*", []string{".", "store", "vault", "qr", "service/login/factor", "service/login/credential"}, false, "a part of signing in stands on the store, and none of them asks the gate; what is arithmetic they share"},
	{"service/login", []string{".", "authz", "store", "vault", "captcha", "service/login/*"}, false, "signing in stands on its parts, on what it seals and on what it asks of programs"},
	{"service/mail", []string{".", "authz", "store", "vault"}, false, "mail waits in the store, sealed"},
	{"service/settings", []string{".", "authz", "store", "vault"}, false, "settings are kept in the store, the secrets among them sealed"},
	{"service/people/sheet", []string{"."}, true, "how people are written down as a table knows nobody"},
	{"service/people/fit", []string{"."}, false, "what an account can be called is decided without knowing anybody"},
	{"service/people/roster", []string{".", "store", "service/people/fit", "service/people/sheet"}, false, "rows are read, and what becomes of them is planned, without a transaction; of the store it takes how names are compared"},
	{"service/people", []string{".", "authz", "store", "service/people/*"}, false, "people stand on a transaction and the gate; letters and hashes are handed in"},
	{"service/share/hall", []string{".", "authz", "store", "service/files/desk"}, false, "a request to share stands at the same desk as one to the files"},
	{"service/share/look", []string{".", "authz", "store", "service/share/hall"}, false, "looking at what is shared changes nothing"},
	{"service/share/console", []string{".", "authz", "store", "service/share/hall", "service/share/look"}, false, "ruling over what is shared gives nothing to anybody"},
	{"service/share/use", []string{".", "store"}, true, "what is counted waits to be written; whoever counts knows what was come through"},
	{"service/share/visit", []string{".", "authz", "store", "vault", "service/files/desk", "service/share/use"}, false, "visitors are let in by what the store and the gate say of a link; what they then do is the business of others"},
	{"service/share/ask", []string{".", "authz", "store", "service/files/desk"}, false, "a request stands on a transaction and the gate; how something is given is handed in"},
	{"service/notice", []string{".", "authz", "store", "vault", "service/files/desk"}, false, "what is told is looked up for who reads it, at the gate; what is to be mailed waits in the store, sealed"},
	{"service/share", []string{".", "authz", "store", "service/share/hall", "service/share/look", "service/share/console"}, false, "sharing stands on its hall; visitors and requests are other people's business"},
	{"service/*", []string{".", "authz", "store", "blob", "event", "directory", "thumb", "render", "vault", "captcha", "service/files/*"}, false, "no service imports another: two meet in the store, on the bus, or in app"},
	{"gateway", []string{".", "authz", "service/login"}, false, "who asks and the rest policies are settled once, here"},
	{"gateway/rest/operation", []string{".", "gateway"}, false, "what an operation is made of knows no service"},
	{"gateway/rest/share", []string{".", "gateway", "gateway/rest/operation", "gateway/rest/stream", "qr", "render", "service/**"}, false, "what visitors of links see is sent as it is to others"},
	{"gateway/rest/people", []string{".", "gateway", "gateway/rest/operation", "gateway/rest/account", "service/*"}, false, "what others see of an account looks as it does to its owner"},
	{"gateway/rest/*", []string{".", "gateway", "gateway/rest/operation", "service/*", "qr"}, false, "a part of the REST door reaches names and bytes only through a service"},
	{"gateway/*", []string{".", "gateway", "gateway/rest/*", "service/*", "api", "web", "thumb"}, false, "bytes and names are reached only through a service, never past the gate"},

	{"api", nil, true, "a document, embedded"},
	{"web", nil, false, "the web pages, embedded; they know the server by its API alone"},
	{"demo", []string{"."}, true, "sample documents and people as data"},
	{"config", []string{"."}, false, "one typed table of settings, known to app and the command line"},
	{"client", []string{".", "api", "captcha", "config"}, false, "a client knows the server by its API alone"},
	{"client/*", []string{".", "client"}, false, "whole folders are moved with what the client can do for one file"},
	{"cmd/alveary/console", []string{".", "client/**", "config"}, false, "commands over the API know the server by it alone"},
	{"cmd/alveary/sharing", []string{".", "client/**", "config", "cmd/alveary/console"}, false, "commands on sharing ask and answer as those on people do"},
	{"cmd/alveary/terminal", nil, false, "what stands before a person knows streams alone"},
	{"cmd/alveary", []string{".", "app", "client/**", "config", "cmd/alveary/*"}, false, "the command line hands over to app or to the client"},
	{"app", []string{
		".", "acl", "policy/**", "authz/**", "store", "blob/**", "event/**", "directory/**",
		"service/*", "gateway/**", "api", "web", "config", "demo", "thumb", "render", "vault", "captcha",
	}, false, "the one room that wires: everything below it, nothing above"},

	{"testkit/oracle", []string{"."}, true, "it decides a second time from the model alone, so it shares no code with what it is compared with"},
	{"testkit/**", []string{"*"}, false, "helpers of tests may build anything"},
	{"bench/**", []string{"*"}, false, "a benchmark may build anything"},
	{"tools/**", nil, false, "a tool of the workshop stands outside the house"},
	{"rules", nil, true, "the rules know the house by its text alone"},
}

// testsOnly are rooms and test suites that nothing which is shipped imports.
var testsOnly = []string{"testkit/**", "bench/**", "rules", "tools/**", "blob/blobtest", "event/eventtest", "directory/directorytest"}

// forTests is what the tests of any room may import beside what the room may:
// the helpers, real databases and drivers to stand on, and the suites.
var forTests = []string{".", "vault", "testkit/**", "store/**", "blob/**", "event/**", "directory/**", "demo", "policy/templates"}

func TestImportsFollowThePlan(t *testing.T) {
	h := readHouse(t)
	for _, s := range h.sources {
		allowed, bare, because := planOf(s.room)
		if because == "" {
			t.Errorf("%s: the room %q is not in the plan of the house; add it to rules/imports_test.go with its reason", s.path, s.room)
			continue
		}
		rooms, others := s.imports()
		for _, imported := range rooms {
			switch {
			case imported == s.room: // an external test of its own package
			case matches(allowed, imported):
				if !s.test && matches(testsOnly, imported) && !matches(testsOnly, s.room) {
					t.Errorf("%s imports %s, which is for tests", s.path, imported)
				}
			case s.test && matches(forTests, imported):
			case s.test && imported == path.Dir(s.room): // the tests of a part may stand on the whole
			default:
				t.Errorf("%s imports %s; %s may import %v: %s", s.path, imported, s.room, allowed, because)
			}
		}
		if s.test || !bare {
			continue
		}
		for _, other := range others {
			if isThirdParty(other) {
				t.Errorf("%s imports %s; %s has no dependencies: %s", s.path, other, s.room, because)
			}
		}
	}
}

// Of what others wrote, the heart takes the language of expressions alone.
func TestOnlyCELComesIntoTheHeart(t *testing.T) {
	h := readHouse(t)
	for _, s := range h.sources {
		if s.test || s.room != "policy/conditions" {
			continue
		}
		_, others := s.imports()
		for _, other := range others {
			if isThirdParty(other) && !matches([]string{"cel.dev/cel-go/**"}, other) {
				t.Errorf("%s imports %s: of what others wrote, the heart takes CEL alone", s.path, other)
			}
		}
	}
}

// The language and the heart do no I/O, and the heart reads no clock and takes
// no context: what they compute can be computed again from the same arguments.
func TestPureRoomsStayPure(t *testing.T) {
	outside := []string{
		"bufio", "context", "database/**", "log/**", "net", "net/http/**", "os/**", "path/filepath", "plugin", "runtime/**", "syscall/**",
	}
	h := readHouse(t)
	for _, s := range h.sources {
		if s.test || !slices.Contains([]string{".", "acl", "policy", "policy/conditions", "policy/match"}, s.room) {
			continue
		}
		_, others := s.imports()
		for _, other := range others {
			if matches(outside, other) {
				t.Errorf("%s imports %s: this room computes and does nothing else", s.path, other)
			}
		}
		for _, call := range selectors(s.file) {
			if call.pkg == "time" && slices.Contains([]string{"Now", "Since", "Until", "Sleep", "After", "NewTimer", "NewTicker"}, call.name) {
				t.Errorf("%s uses time.%s: the present is an argument here", h.at(call.pos), call.name)
			}
		}
	}
}

func planOf(room string) (may []string, bare bool, because string) {
	for _, line := range plan {
		if matches([]string{line.room}, room) {
			return line.may, line.bare, line.because
		}
	}
	return nil, false, ""
}

// matches says whether a name is among patterns; see plan for their spelling.
func matches(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		if pattern == "*" {
			return true
		}
		if whole, ok := strings.CutSuffix(pattern, "/**"); ok {
			return name == whole || strings.HasPrefix(name, whole+"/")
		}
		if beneath, ok := strings.CutSuffix(pattern, "/*"); ok {
			return strings.HasPrefix(name, beneath+"/")
		}
		return name == pattern
	})
}

// isThirdParty tells modules from the standard library, whose paths have no
// dot in the first part.
func isThirdParty(name string) bool {
	first, _, _ := strings.Cut(name, "/")
	return strings.Contains(first, ".")
}

func TestMatches(t *testing.T) {
	for _, c := range []struct {
		pattern, name string
		want          bool
	}{
		{"blob", "blob", true},
		{"blob", "blob/fileblob", false},
		{"blob/*", "blob", false},
		{"blob/*", "blob/fileblob", true},
		{"blob/**", "blob", true},
		{"blob/**", "blob/fileblob", true},
		{"blob/**", "blobs", false},
		{"*", "anything", true},
	} {
		if got := matches([]string{c.pattern}, c.name); got != c.want {
			t.Errorf("%s matches %s: %v, want %v", c.pattern, c.name, got, c.want)
		}
	}
}
