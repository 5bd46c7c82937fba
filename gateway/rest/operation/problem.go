package operation

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"alveary"
	"alveary/gateway"
)

// InstallErrors makes huma answer with the house's problems, to fields of
// another spelling too. These are huma's own globals, so they are set once for the process.
func InstallErrors() {
	once.Do(func() {
		huma.NewError, huma.NewErrorWithContext = plainError, contextError
		// Go's decoder takes "Profile" for "profile", whichever comes last.
		huma.ValidateStrictCasing = true
	})
}

var once sync.Once

func plainError(status int, msg string, errs ...error) huma.StatusError {
	return problemOf(context.Background(), status, msg, errs)
}

func contextError(ctx huma.Context, status int, msg string, errs ...error) huma.StatusError {
	if ctx == nil {
		return plainError(status, msg, errs...)
	}
	p := problemOf(ctx.Context(), status, msg, errs)
	header := http.Header{}
	p.SetHeaders(header)
	for name, values := range header {
		ctx.SetHeader(name, values[0])
	}
	return p
}

// problemOf words what went wrong in huma, or in a handler. What huma found in
// the input is 400 with the places; the values that were sent are not repeated,
// since a password may be among them.
func problemOf(ctx context.Context, status int, msg string, errs []error) *gateway.Problem {
	var own *alveary.Error
	joined := errors.Join(errs...)
	if errors.As(joined, &own) || status >= 500 {
		return gateway.NewProblem(ctx, joined)
	}
	var tooLarge *http.MaxBytesError
	if errors.As(joined, &tooLarge) {
		return gateway.NewProblem(ctx, joined)
	}
	p := gateway.NewProblem(ctx, &alveary.Error{Kind: alveary.KindInvalid, Op: "read the request", Code: "invalid", Message: msg})
	if status == http.StatusUnprocessableEntity {
		status = http.StatusBadRequest
	}
	p.Status, p.Title = status, http.StatusText(status)
	if status == http.StatusRequestEntityTooLarge {
		p.Code = "too-large"
	}
	describeInput(p, errs)
	return p
}

func describeInput(p *gateway.Problem, errs []error) {
	var unknown, other []string
	for _, err := range errs {
		var at huma.ErrorDetailer
		if !errors.As(err, &at) {
			continue
		}
		d := at.ErrorDetail()
		p.Errors = append(p.Errors, gateway.FieldError{Location: d.Location, Message: d.Message})
		if strings.Contains(d.Message, "unexpected property") || strings.Contains(d.Message, "unknown query") {
			unknown = append(unknown, d.Location)
		} else {
			other = append(other, d.Location+": "+d.Message)
		}
	}
	slices.Sort(unknown)
	switch {
	case len(unknown) > 0:
		p.Code, p.Detail = "unknown-fields", "the request has fields that are not known here: "+strings.Join(unknown, ", ")
	case len(other) > 0:
		p.Detail = "the request is not as it must be: " + strings.Join(other, "; ")
	}
}
