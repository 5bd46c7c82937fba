package webui

import (
	"net/http"
	"time"
)

// validFor is how long a reader may rely on the contact; RFC 9116 advises less
// than a year.
const validFor = 180 * 24 * time.Hour

// securityText tells how to report a weakness (RFC 9116). The contact is this
// server's administrator, for the data, and the project, for the program.
func securityText(version string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		text := "# Alveary " + version + ": report a weakness of the program to the project as SECURITY.md says;\n" +
			"# report a problem of this installation to its administrator.\n" +
			"Contact: https://github.com/alveary/alveary/security/advisories/new\n" +
			"Expires: " + time.Now().UTC().Add(validFor).Format(time.RFC3339) + "\n" +
			"Preferred-Languages: en, fr\n"
		_, _ = w.Write([]byte(text)) // the client is gone; there is nobody to tell
	})
}
