package share

import (
	"context"
	"strconv"
	"time"

	"alveary"
	"alveary/gateway/rest/operation"
	"alveary/service/share/ask"
)

type requestIn struct {
	Body struct {
		Node    string   `json:"node" doc:"Id of the node, as it stands in an address"`
		Rights  []string `json:"rights,omitempty" doc:"read, write; read where none is named"`
		Message string   `json:"message,omitempty" maxLength:"500"`
	}
}

func (d *door) request(ctx context.Context, in *requestIn) (*struct{}, error) {
	id, err := alveary.ParseNodeID(in.Body.Node)
	if err != nil {
		return nil, err
	}
	rights, err := rightsOf(in.Body.Rights)
	if err != nil {
		return nil, err
	}
	if rights == 0 {
		rights = alveary.RightRead
	}
	return nil, d.requests.Ask(ctx, operation.Asker(ctx), id, rights, in.Body.Message)
}

// Request is a request for rights.
type Request struct {
	ID         string                     `json:"id"`
	Person     Somebody                   `json:"person" doc:"Who asks"`
	Node       RequestedNode              `json:"node"`
	Rights     []string                   `json:"rights"`
	Message    string                     `json:"message"`
	At         time.Time                  `json:"at"`
	Answer     string                     `json:"answer" enum:"granted,refused,withdrawn,"`
	AnsweredBy *Somebody                  `json:"answeredBy,omitempty"`
	AnsweredAt *time.Time                 `json:"answeredAt,omitempty"`
	Abilities  map[string]alveary.Ability `json:"abilities"`
}

// RequestedNode is what is asked for, as far as who reads this may see it.
type RequestedNode struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
	Path string `json:"path,omitempty"`
}

// Requests are those of who asks, and those that he may answer.
type Requests struct {
	Mine  []Request `json:"mine"`
	ForMe []Request `json:"forMe"`
}

func (d *door) listRequests(ctx context.Context, _ *struct{}) (*operation.One[Requests], error) {
	mine, forMe, err := d.requests.List(ctx, operation.Asker(ctx))
	if err != nil {
		return nil, err
	}
	return operation.Body(Requests{toRequests(mine), toRequests(forMe)}, nil)
}

func toRequests(list []ask.Asked) []Request {
	out := make([]Request, len(list))
	for i, a := range list {
		out[i] = Request{
			ID: strconv.FormatInt(int64(a.ID), 10), Person: asking(a.Person), Rights: words(a.Rights & alveary.Givable), Message: a.Message, At: a.At,
			Answer: a.Answer, AnsweredAt: orNil(a.Answered), Abilities: a.May,
			Node: RequestedNode{ID: a.Node.String(), Name: a.Name, Path: a.Path},
		}
		if a.Answerer != nil {
			p := asking(*a.Answerer)
			out[i].AnsweredBy = &p
		}
		if out[i].Abilities == nil {
			out[i].Abilities = map[string]alveary.Ability{}
		}
	}
	return out
}

func asking(p ask.Person) Somebody { return Somebody{ID: userText(p.ID), Login: p.Login, Name: p.Name} }

func requestID(text string) (alveary.RequestID, error) {
	n, err := number("request", text)
	return alveary.RequestID(n), err
}

// Would is what granting a request would open.
type Would struct {
	Now   []string `json:"now" doc:"What who asked has now"`
	After []string `json:"after" doc:"What he would have"`
	Text  string   `json:"text"`
	Story []string `json:"story" doc:"What would count, a sentence each"`
}

func (d *door) would(ctx context.Context, in *operation.IDIn) (*operation.One[Would], error) {
	id, err := requestID(in.ID)
	if err != nil {
		return nil, err
	}
	w, err := d.requests.Would(ctx, operation.Asker(ctx), id)
	if err != nil {
		return nil, err
	}
	out := Would{Now: words(w.Now), After: words(w.After), Text: w.Text, Story: []string{}}
	for _, way := range w.Explanation.Ways {
		out.Story = append(out.Story, way.Text)
	}
	return operation.Body(out, nil)
}

type answerIn struct {
	operation.IDIn
	Body struct {
		Grant   bool       `json:"grant"`
		Rights  []string   `json:"rights,omitempty" doc:"Where others are granted than were asked for"`
		Until   *time.Time `json:"until,omitempty"`
		Message string     `json:"message,omitempty" maxLength:"500"`
	}
}

func (d *door) answer(ctx context.Context, in *answerIn) (*struct{}, error) {
	id, err := requestID(in.ID)
	if err != nil {
		return nil, err
	}
	rights, err := rightsOf(in.Body.Rights)
	if err != nil {
		return nil, err
	}
	a := ask.Answer{Grant: in.Body.Grant, Rights: rights, Message: in.Body.Message}
	if in.Body.Until != nil {
		a.Until = *in.Body.Until
	}
	return nil, d.requests.Answer(ctx, operation.Asker(ctx), id, a)
}

func (d *door) withdraw(ctx context.Context, in *operation.IDIn) (*struct{}, error) {
	id, err := requestID(in.ID)
	if err != nil {
		return nil, err
	}
	return nil, d.requests.Withdraw(ctx, operation.Asker(ctx), id)
}
