package config

import (
	"reflect"
	"strings"
)

// Option is one line of the table.
type Option struct {
	Name    string `json:"name"`              // also the flag without its dashes
	Env     string `json:"env"`               // environment variable
	Key     string `json:"key,omitempty"`     // in the config file; empty where the file cannot hold it
	Flag    string `json:"flag,omitempty"`    // as it is typed; empty where there is no flag
	Default string `json:"default,omitempty"` // as people read it
	Help    string `json:"help"`
	Group   string `json:"group"` // of commands that take it
	Bool    bool   `json:"-"`     // takes no value on the command line
}

// Options is the whole table, in the order of the reference page.
func Options() []Option {
	var out []Option
	for _, table := range []struct {
		group string
		of    any
	}{
		{"Every command", Global{}},
		{"The server (serve; data and database also of the commands that work on the machine itself)", Serve{}},
		{"The client (login, ls, put, get and the others that talk to a server)", Client{}},
		{"Transfers (put and get)", Transfer{}},
	} {
		out = appendFields(out, table.group, reflect.TypeOf(table.of))
	}
	return out
}

func appendFields(out []Option, group string, t reflect.Type) []Option {
	for i := range t.NumField() {
		field := t.Field(i)
		name, ok := field.Tag.Lookup("name")
		if !ok {
			out = appendFields(out, group, field.Type)
			continue
		}
		out = append(out, option(group, name, field))
	}
	return out
}

func option(group, name string, field reflect.StructField) Option {
	o := Option{
		Name: name, Env: EnvName(name), Help: field.Tag.Get("help"), Group: group,
		Default: field.Tag.Get("default"), Bool: field.Type.Kind() == reflect.Bool,
	}
	if shown := field.Tag.Get("shown"); shown != "" {
		o.Default = shown
	}
	if o.Bool && o.Default == "" {
		o.Default = "off"
	}
	only := field.Tag.Get("only")
	if only == "" {
		o.Key = name
	}
	if only == "" || strings.Contains(only, "flag") {
		o.Flag = "--" + name
		if !o.Bool {
			o.Flag += " " + field.Tag.Get("placeholder")
		}
	}
	return o
}

// EnvName is the environment variable of an option: ALVEARY_TLS_CERT of tls-cert.
func EnvName(name string) string {
	return "ALVEARY_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}
