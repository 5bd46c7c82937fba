package match

import (
	"testing"
)

// MODEL.md 6.4.
func TestNetworks(t *testing.T) {
	for _, c := range []struct {
		networks, address string
		want              bool
	}{
		{"10.0.0.0/8", "10.1.2.3", true},
		{"10.0.0.0/8", "11.0.0.0", false},
		{"10.1.2.3/8", "10.255.255.255", true}, // host bits are ignored
		{"10.0.0.0/8", "::ffff:10.1.2.3", true},
		{"::ffff:10.0.0.0/104", "10.1.2.3", true},
		{"::ffff:10.0.0.0/104", "::ffff:11.1.2.3", false},
		{"2001:db8::/32", "2001:db8::1%eth0", true}, // the zone is the machine's own
		{"::/0", "2001:db8::1", true},
		{"::/0", "10.1.2.3", false},
		{"0.0.0.0/0", "::ffff:10.1.2.3", true},
		{"127.0.0.1/32", "127.0.0.1", true},
		{"10.0.0.0/8, 192.168.0.0/16 ,\t2001:db8::/32", "192.168.7.7", true},
		{"10.0.0.0/8, 192.168.0.0/16,2001:db8::/32", "172.16.0.1", false},
		{"10.2.0.0/16,10.0.0.0/8,10.1.0.0/16,11.0.0.0/8", "10.3.0.1", true},
		{"10.2.0.0/16,10.0.0.0/15", "10.1.255.255", true},
		{"10.2.0.0/16,10.0.0.0/15", "10.3.0.0", false},
	} {
		n, err := ParseNetworks(Phrase{{Text: c.networks}})
		if err != nil {
			t.Errorf("%q: %v", c.networks, err)
			continue
		}
		address, ok := ParseAddress(c.address)
		if !ok || n.Has(address) != c.want {
			t.Errorf("%q has %s: %v (%v), want %v", c.networks, c.address, n.Has(address), ok, c.want)
		}
	}
}

func TestMalformedNetworks(t *testing.T) {
	for _, text := range []string{"", ",", "10.0.0.0", "10.0.0.0/99", "10.0.0.0/8,", "10.0.0/8", "10.0.0.0/-1", "10.0.0.0/08", "fe80::1%eth0/64", "a/8", "10.0.0.0 /8", "10.0.0.0/8;10.0.0.0/8", "010.0.0.0/8"} {
		if _, err := ParseNetworks(Phrase{{Text: text}}); err == nil {
			t.Errorf("%q is malformed and was taken", text)
		}
	}
	for _, text := range []string{"", "1", "10.1.2.3:443", "[::1]:443", "[::1]", "localhost", "10.0.0.0/8", " 10.0.0.1", "10.0.0.1\n", "256.0.0.1"} {
		if a, ok := ParseAddress(text); ok {
			t.Errorf("%q is the address %s", text, a)
		}
	}
}

// The answers differ between two neighbours among the edges, and only there.
func TestEdgesOfNetworks(t *testing.T) {
	n, err := ParseNetworks(Phrase{{Text: "10.0.0.0/8,0.0.0.0/8,2001:db8::/32,10.5.0.0/16,255.255.255.255/32"}})
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		edge string
		has  bool
	}{
		{"0.0.0.0", true},
		{"0.255.255.255", true},
		{"1.0.0.0", false},
		{"9.255.255.255", false},
		{"10.0.0.0", true},
		{"10.255.255.255", true},
		{"11.0.0.0", false},
		{"255.255.255.254", false},
		{"255.255.255.255", true},
		{"2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", false},
		{"2001:db8::", true},
		{"2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", true},
		{"2001:db9::", false},
	}
	edges := n.Edges()
	if len(edges) != len(want) {
		t.Fatalf("edges %v", edges)
	}
	for i, w := range want {
		if edges[i].String() != w.edge || n.Has(edges[i]) != w.has {
			t.Errorf("edge %d is %s (%v), want %v", i, edges[i], n.Has(edges[i]), w)
		}
	}
}
