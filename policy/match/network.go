package match

import (
	"net/netip"
	"slices"
	"strings"
)

// span is a range of addresses, both ends included.
type span struct{ first, last netip.Addr }

// Networks are sorted and joined where they overlap, so that many cost hardly
// more than one.
type Networks []span

// ParseNetworks reads one network or several, separated by commas.
func ParseNetworks(source Phrase) (Networks, error) {
	if err := source.keeps(",", "/"); err != nil {
		return nil, err
	}
	var spans Networks
	for _, text := range strings.Split(source.String(), ",") {
		one, err := parseNetwork(strings.Trim(text, blanks))
		if err != nil {
			return nil, err
		}
		spans = append(spans, one)
	}
	slices.SortFunc(spans, func(a, b span) int { return a.first.Compare(b.first) })
	joined := spans[:1]
	for _, one := range spans[1:] {
		if before := &joined[len(joined)-1]; one.first.Compare(before.last) > 0 {
			joined = append(joined, one)
		} else if one.last.Compare(before.last) > 0 {
			before.last = one.last
		}
	}
	return joined, nil
}

// ParseAddress reads an address without port. IPv4 within IPv6 is unwrapped, and
// a zone, which is the machine's own, is left out.
func ParseAddress(text string) (netip.Addr, bool) {
	address, err := netip.ParseAddr(text)
	if err != nil {
		return netip.Addr{}, false
	}
	return address.Unmap().WithZone(""), true
}

// Edges are the first and the last address of each range, with those beside it
// that are outside.
func (n Networks) Edges() []netip.Addr {
	var edges []netip.Addr
	for _, one := range n {
		edges = append(edges, one.first.Prev(), one.first, one.last, one.last.Next())
	}
	slices.SortFunc(edges, netip.Addr.Compare)
	return slices.DeleteFunc(slices.Compact(edges), func(a netip.Addr) bool { return !a.IsValid() })
}

// Has says whether the address is in one; all IPv4 addresses come before all of IPv6.
func (n Networks) Has(a netip.Addr) bool {
	low, high := 0, len(n)
	for low < high {
		switch middle := (low + high) / 2; {
		case a.Less(n[middle].first):
			high = middle
		case n[middle].last.Less(a):
			low = middle + 1
		default:
			return true
		}
	}
	return false
}

// parseNetwork reads one network. Host bits are ignored, and IPv4 within IPv6 is
// unwrapped, as it is of the value.
func parseNetwork(text string) (span, error) {
	prefix, err := netip.ParsePrefix(text)
	if err != nil {
		return span{}, malformed("%q is no network; write one such as 10.0.0.0/8 or 2001:db8::/32", text)
	}
	if prefix.Addr().Is4In6() && prefix.Bits() >= 96 {
		prefix = netip.PrefixFrom(prefix.Addr().Unmap(), prefix.Bits()-96)
	}
	first := prefix.Masked().Addr()
	bytes := first.AsSlice()
	for bit := prefix.Bits(); bit < len(bytes)*8; bit++ {
		bytes[bit/8] |= 1 << (7 - bit%8)
	}
	last, _ := netip.AddrFromSlice(bytes)
	return span{first, last}, nil
}
