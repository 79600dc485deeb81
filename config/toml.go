package config

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"
)

// parse reads the text of a config.toml into the values of known settings, by
// key, and tells every key that is unknown or of the wrong type. It never
// shows the text around an error, nor the value of an unknown key: that may be
// a secret in the wrong place. It is not ok when the text is not TOML at all:
// then the language is the only value, if it stands before the mistake.
func parse(name, text string, known []setting) (values map[string]value, problems Problems, ok bool) {
	values = map[string]value{}
	var tree map[string]any
	md, err := toml.Decode(text, &tree)
	if err != nil {
		place := name
		if pe, ok := errors.AsType[toml.ParseError](err); ok {
			place = fmt.Sprintf("%s line %d", name, pe.Position.Line)
			if lang := langBefore(text, pe.Position.Line); lang != "" {
				values["lang"] = value{text: lang, place: name, from: fromFile}
			}
		}
		return values, Problems{{
			Key: "config", Place: place,
			Sentence: "is not TOML here: a text needs quotation marks, and each key stands once.",
		}}, false
	}

	lines := keyLines(text)
	var told []string // keys whose parts need no telling
	for _, key := range md.Keys() {
		dotted := key.String()
		if slices.ContainsFunc(told, func(t string) bool { return dotted == t || strings.HasPrefix(dotted, t+".") }) {
			continue
		}
		place := placeOf(name, lines, key)
		refuse := func(sentence string) {
			problems = append(problems, Problem{Key: dotted, Place: place, Sentence: sentence})
			told = append(told, dotted)
		}
		i := slices.IndexFunc(known, func(s setting) bool { return s.key == dotted })
		switch {
		case i < 0 && isTable(known, dotted):
			if md.Type(key...) != "Hash" {
				refuse("must be a table: [" + dotted + "] on a line of its own.")
			}
		case i < 0:
			refuse("is no setting of reji.")
		default:
			v, sentence := scalar(lookUp(tree, key), known[i].number)
			if sentence != "" {
				refuse(sentence)
				continue
			}
			values[dotted] = value{text: v, place: place, from: fromFile}
		}
	}
	return values, problems, true
}

// langBefore is what the lines before one say of the language, if they are TOML.
func langBefore(text string, line int) string {
	lines := strings.SplitAfter(text, "\n")
	var tree map[string]any
	if _, err := toml.Decode(strings.Join(lines[:min(max(line-1, 0), len(lines))], ""), &tree); err != nil {
		return ""
	}
	lang, _ := tree["lang"].(string)
	return lang
}

// isTable says whether some setting lies inside the table key.
func isTable(known []setting, key string) bool {
	return slices.ContainsFunc(known, func(s setting) bool { return strings.HasPrefix(s.key, key+".") })
}

func lookUp(tree map[string]any, key toml.Key) any {
	for _, part := range key[:len(key)-1] {
		tree, _ = tree[part].(map[string]any)
	}
	return tree[key[len(key)-1]]
}

func scalar(v any, number bool) (text, sentence string) {
	switch v := v.(type) {
	case string:
		if !number {
			return v, ""
		}
	case int64:
		if number {
			return strconv.FormatInt(v, 10), ""
		}
	}
	if number {
		return "", "must be a whole number, without quotation marks."
	}
	return "", "must be a text in quotation marks."
}

// placeOf names the line of a key or, inside an inline table, of that table.
func placeOf(name string, lines map[string]int, key toml.Key) string {
	for n := len(key); n > 0; n-- {
		if line := lines[strings.Join(key[:n], ".")]; line > 0 {
			return fmt.Sprintf("%s line %d", name, line)
		}
	}
	return name
}

// keyLines finds the line of each key and table header, counted from 1; the
// decoder keeps no positions. It reads line by line, so a text of several
// lines that looks like settings could mislead it about a line number, and
// about nothing else.
func keyLines(text string) map[string]int {
	lines := map[string]int{}
	table := ""
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		dotted := ""
		if header, ok := strings.CutPrefix(line, "["); ok {
			header, _, _ = strings.Cut(strings.TrimPrefix(header, "["), "]")
			table = bare(header)
			dotted = table
		} else if key, _, ok := strings.Cut(line, "="); ok && !strings.HasPrefix(line, "#") {
			dotted = bare(key)
			if table != "" {
				dotted = table + "." + dotted
			}
		}
		if dotted != "" && lines[dotted] == 0 {
			lines[dotted] = n
		}
	}
	return lines
}

// bare is a written key without quotation marks and spaces around its parts.
func bare(key string) string {
	parts := strings.Split(key, ".")
	for i, p := range parts {
		parts[i] = strings.Trim(p, " \t\"'")
	}
	return strings.Join(parts, ".")
}
