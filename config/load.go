package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/knadh/koanf/parsers/toml/v2"
	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/confmap"
	"github.com/knadh/koanf/providers/rawbytes"
	"github.com/knadh/koanf/v2"
)

// Values are the options as the environment and the config file give them,
// the environment over the file.
type Values struct {
	k      *koanf.Koanf
	source map[string]string
}

// Lookup gives the text of an option and where it was set, for messages.
func (v Values) Lookup(name string) (text, source string, ok bool) {
	source, ok = v.source[name]
	return v.k.String(name), source, ok
}

// Places are the config files that are looked for when none is named.
func Places(userConfigDir string) []string {
	var out []string
	for _, dir := range []string{userConfigDir, "/etc"} {
		if dir != "" {
			out = append(out, filepath.Join(dir, "alveary", "config.toml"), filepath.Join(dir, "alveary", "config.yaml"))
		}
	}
	return out
}

// Load reads the file, where one is named, and the environment over it. An
// option that is set to nothing in the environment counts as not set.
func Load(file string, getenv func(string) string) (Values, error) {
	v := Values{koanf.New("\x00"), map[string]string{}} // no option's name is cut into parts
	if file != "" {
		if err := v.readFile(file); err != nil {
			return Values{}, err
		}
	}
	fromEnv := map[string]any{}
	for _, o := range Options() {
		if text := getenv(o.Env); text != "" && o.Key != "" {
			fromEnv[o.Name] = text
			v.source[o.Name] = "the environment variable " + o.Env
		}
	}
	return v, v.k.Load(confmap.Provider(fromEnv, ""), nil)
}

// Find gives the first of the places where there is a file; empty for none.
func Find(places []string) (string, error) {
	for _, place := range places {
		if _, err := os.Stat(place); err == nil {
			return place, nil
		} else if !errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("look for a config file: %w", err)
		}
	}
	return "", nil
}

func (v Values) readFile(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("read the config file: %w", err)
	}
	var parser koanf.Parser
	switch strings.ToLower(filepath.Ext(file)) {
	case ".toml":
		parser = toml.Parser()
	case ".yaml", ".yml":
		parser = yaml.Parser()
	default:
		return fmt.Errorf("the config file %s must end in .toml, .yaml or .yml", file)
	}
	if err := v.k.Load(rawbytes.Provider(text), parser); err != nil {
		return fmt.Errorf("the config file %s: %w", file, err)
	}
	return v.checkKeys(file, string(text))
}

func (v Values) checkKeys(file, text string) error {
	known := map[string]bool{}
	for _, o := range Options() {
		known[o.Key] = true
	}
	var faults []error
	for key, value := range v.k.Raw() {
		where := fmt.Sprintf("%s%s", file, line(text, key))
		plain, isPlain := plainText(value)
		switch {
		case !known[key] || key == "":
			faults = append(faults, fmt.Errorf("%s: there is no option %q; alveary config lists those there are", where, key))
		case !isPlain:
			faults = append(faults, fmt.Errorf("%s: the option %q must be one value, or a list of them", where, key))
		default:
			v.source[key] = where
			if err := v.k.Set(key, plain); err != nil {
				return err
			}
		}
	}
	return errors.Join(faults...)
}

// line finds the line on which a key is set, for a message; nothing where it
// is written in a way that a plain search does not find.
func line(text, key string) string {
	number := 0
	for l := range strings.SplitSeq(text, "\n") {
		number++
		l = strings.TrimLeft(l, " \t[\"'")
		if rest, ok := strings.CutPrefix(l, key); ok && strings.IndexAny(strings.TrimLeft(rest, " \t\"'"), "=:].") == 0 {
			return fmt.Sprintf(":%d", number)
		}
	}
	return ""
}

// plainText gives a value as the text that a flag would have: a list becomes
// comma-separated.
func plainText(value any) (string, bool) {
	switch v := value.(type) {
	case nil, map[string]any, map[any]any:
		return "", false
	case []any:
		parts := make([]string, len(v))
		for i, e := range v {
			part, ok := plainText(e)
			if !ok {
				return "", false
			}
			parts[i] = part
		}
		return strings.Join(parts, ","), true
	default:
		return fmt.Sprint(v), true
	}
}
