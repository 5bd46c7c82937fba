package alveary

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// AttributeClass tells when an attribute becomes known (MODEL.md 7): with who
// asks, with the request, or with the node.
type AttributeClass uint8

// The classes. A name that no class knows is taken for one of the context.
const (
	ClassContext AttributeClass = iota
	ClassSubject
	ClassNode
)

// String is the word for screens.
func (c AttributeClass) String() string {
	return [...]string{"context", "subject", "node"}[c]
}

// The attributes of MODEL.md 6.9 that code names.
const (
	AttrRemoteAddress   = "RemoteAddress"
	AttrRequestMethod   = "RequestMethod"
	AttrRequestURI      = "RequestURI"
	AttrRequestHost     = "RequestHost"
	AttrRequestHostname = "RequestHostname"
	AttrRequestPort     = "RequestPort"
	AttrHTTPProtocol    = "HttpProtocol"
	AttrHTTPVersion     = "HttpVersion"
	AttrUserAgent       = "UserAgent"
	AttrContentType     = "ContentType"
	AttrCookies         = "CookiesString"
	AttrServerTime      = "ServerTime"
	AttrClientTime      = "ClientTime"
	AttrAuthMethod      = "AuthMethod"
	AttrAuthLevel       = "AuthLevel"
	AttrClientApp       = "ClientApp"
	AttrGateway         = "Gateway"
	AttrSite            = "Site"

	AttrNodeName      = "NodeMetaName"
	AttrNodePath      = "NodeMetaPath"
	AttrNodeType      = "NodeMetaType"
	AttrNodeExtension = "NodeMetaExtension"
	AttrNodeSize      = "NodeMetaSize"
	AttrNodeMTime     = "NodeMetaMTime"
	AttrNodeOwner     = "NodeMetaOwner"

	AttrClaimsName      = "ClaimsName"
	AttrClaimsProfile   = "ClaimsProfile"
	AttrClaimsRoles     = "ClaimsRoles"
	AttrClaimsGroupPath = "ClaimsGroupPath"
	AttrClaimsEmail     = "ClaimsEmail"

	HeaderPrefix   = "Header:"   // any header of the request
	NodeMetaPrefix = "NodeMeta:" // a namespace of user metadata and tags
	UserPrefix     = "User:"     // an attribute of the user
)

// Attribute is one line of the catalogue.
type Attribute struct {
	Name   string // ends in ":" where a name of the author's own follows
	Class  AttributeClass
	Holds  string   // text, address, time, number, size, path, list
	Values []string // where only these are possible
	Doc    string   // one plain sentence
}

// Attributes is the catalogue of MODEL.md 6.9.
func Attributes() []Attribute {
	return []Attribute{
		{AttrRemoteAddress, ClassContext, "address", nil, "where the request comes from, without port"},
		{AttrRequestMethod, ClassContext, "text", nil, "the HTTP method"},
		{AttrRequestURI, ClassContext, "text", nil, "the path of the request, without query"},
		{AttrRequestHost, ClassContext, "text", nil, "the host asked for, with its port"},
		{AttrRequestHostname, ClassContext, "text", nil, "the host asked for, without port"},
		{AttrRequestPort, ClassContext, "number", nil, "the port asked for"},
		{AttrHTTPProtocol, ClassContext, "text", []string{"HTTP", "HTTPS"}, "how the connection is protected"},
		{AttrHTTPVersion, ClassContext, "text", nil, "the version of HTTP, such as HTTP/1.1"},
		{AttrUserAgent, ClassContext, "text", nil, "what the client calls itself"},
		{AttrContentType, ClassContext, "text", nil, "the type of what is sent"},
		{AttrCookies, ClassContext, "text", nil, "the cookies sent, without those that sign in"},
		{AttrServerTime, ClassContext, "time", nil, "the server's clock, with its offset"},
		{AttrClientTime, ClassContext, "time", nil, "the client's clock, as it declares it"},
		{AttrAuthMethod, ClassContext, "text", []string{"none", "password", "token"}, "how the asker signed in"},
		{AttrAuthLevel, ClassContext, "number", nil, "1 for a password, 2 for a second factor or passkey"},
		{AttrClientApp, ClassContext, "text", nil, "which client asks: web, cli or a name of its own"},
		{AttrGateway, ClassContext, "text", []string{"rest", "webdav", "s3", "sftp", "sync", "link", "flow"}, "the door the request came through"},
		{AttrSite, ClassContext, "text", nil, "the public address the request came to"},
		{HeaderPrefix, ClassContext, "text", nil, "any header of the request"},
		{AttrNodeName, ClassNode, "text", nil, "the name of the file or folder"},
		{AttrNodePath, ClassNode, "path", nil, "its path from the root of the tree, beginning with the datasource"},
		{AttrNodeType, ClassNode, "text", []string{string(Leaf), string(Collection)}, "a file or a folder"},
		{AttrNodeExtension, ClassNode, "text", nil, "the extension of a file, in lower case, without the dot"},
		{AttrNodeSize, ClassNode, "size", nil, "the size of a file in bytes"},
		{AttrNodeMTime, ClassNode, "time", nil, "when its content was last changed"},
		{AttrNodeOwner, ClassNode, "text", nil, "the login of who made it"},
		{NodeMetaPrefix, ClassNode, "list", nil, "tags and other user metadata, by namespace"},
		{AttrClaimsName, ClassSubject, "text", nil, "the login of the asker"},
		{AttrClaimsProfile, ClassSubject, "text", []string{"admin", "standard", "shared", "anon"}, "the profile of the asker"},
		{AttrClaimsRoles, ClassSubject, "list", nil, "the ids of the asker's roles"},
		{AttrClaimsGroupPath, ClassSubject, "text", nil, "the path of the asker's group"},
		{AttrClaimsEmail, ClassSubject, "text", nil, "the mail address of the asker"},
		{UserPrefix, ClassSubject, "text", nil, "an attribute of the asker"},
	}
}

// FindAttribute looks a name up in the catalogue.
func FindAttribute(name string) (Attribute, bool) {
	all := Attributes()
	at := slices.IndexFunc(all, func(a Attribute) bool {
		if strings.HasSuffix(a.Name, ":") {
			return strings.HasPrefix(name, a.Name) && len(name) > len(a.Name)
		}
		return a.Name == name
	})
	if at < 0 {
		return Attribute{}, false
	}
	return all[at], true
}

// ClassOf tells when an attribute becomes known.
func ClassOf(name string) AttributeClass {
	switch {
	case strings.HasPrefix(name, "NodeMeta"):
		return ClassNode
	case strings.HasPrefix(name, "Claims"), strings.HasPrefix(name, UserPrefix):
		return ClassSubject
	}
	return ClassContext
}

// Context is what is known of a request besides who asks. An empty text is an
// attribute that is absent; Set can say otherwise.
type Context struct {
	Now       time.Time // ServerTime, with the server's offset
	Address   string    // RemoteAddress
	Method    string
	URI       string              // path, without query
	Host      string              // with port, as asked for
	Protocol  string              // HTTP or HTTPS
	Version   string              // such as HTTP/1.1
	Headers   map[string][]string // by canonical name; without those that carry credentials
	AuthBy    string              // AuthMethod
	AuthLevel int                 // 0: nobody signed in
	Client    string              // ClientApp
	Gateway   string
	Site      string
	Set       map[string]Value // imagined attributes of any class, which stand before all others
}

// Attribute is the value of an attribute of the context; absent where it is
// not known.
func (c *Context) Attribute(name string) Value {
	if v, ok := c.Set[name]; ok {
		return v
	}
	switch name {
	case AttrServerTime:
		if c.Now.IsZero() {
			return Value{}
		}
		return Instant(c.Now)
	case AttrRemoteAddress:
		return present(c.Address)
	case AttrRequestMethod:
		return present(c.Method)
	case AttrRequestURI:
		return present(c.URI)
	case AttrRequestHost:
		return present(c.Host)
	case AttrRequestHostname:
		host, _ := splitPort(c.Host)
		return present(host)
	case AttrRequestPort:
		_, port := splitPort(c.Host)
		return present(port)
	case AttrHTTPProtocol:
		return present(c.Protocol)
	case AttrHTTPVersion:
		return present(c.Version)
	case AttrAuthMethod:
		return present(c.AuthBy)
	case AttrAuthLevel:
		if c.AuthLevel == 0 {
			return Value{}
		}
		return Number(int64(c.AuthLevel))
	case AttrClientApp:
		return present(c.Client)
	case AttrGateway:
		return present(c.Gateway)
	case AttrSite:
		return present(c.Site)
	case AttrUserAgent:
		return c.header("User-Agent")
	case AttrContentType:
		return c.header("Content-Type")
	case AttrCookies:
		return c.header("Cookie")
	case AttrClientTime:
		return c.header("X-Client-Time")
	}
	if header, ok := strings.CutPrefix(name, HeaderPrefix); ok {
		return c.header(canonicalHeader(header))
	}
	return Value{}
}

func (c *Context) header(name string) Value {
	switch values := c.Headers[name]; len(values) {
	case 0:
		return Value{}
	case 1:
		return Text(values[0])
	default:
		return Texts(values...)
	}
}

func present(text string) Value {
	if text == "" {
		return Value{}
	}
	return Text(text)
}

// splitPort cuts HOST:PORT; an IPv6 address stands in brackets, which go.
func splitPort(host string) (name, port string) {
	at := strings.LastIndexByte(host, ':')
	if at < 0 || strings.HasSuffix(host, "]") {
		return strings.Trim(host, "[]"), ""
	}
	if _, err := strconv.ParseUint(host[at+1:], 10, 16); err != nil {
		return strings.Trim(host, "[]"), ""
	}
	return strings.Trim(host[:at], "[]"), host[at+1:]
}

// canonicalHeader writes a header's name as net/http does: capitals first and
// after each dash.
func canonicalHeader(name string) string {
	parts := strings.Split(strings.ToLower(name), "-")
	for i, p := range parts {
		if p != "" {
			parts[i] = strings.ToUpper(p[:1]) + p[1:]
		}
	}
	return strings.Join(parts, "-")
}
