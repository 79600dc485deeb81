package ui

import (
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/mattn/go-runewidth"

	"example.jp/reji/pos"
)

// eachWord calls f for every text of a language.
func eachWord(w *words, f func(path, text string)) {
	var walk func(path string, v reflect.Value)
	walk = func(path string, v reflect.Value) {
		switch v.Kind() {
		case reflect.String:
			f(path, v.String())
		case reflect.Struct:
			for i := range v.NumField() {
				walk(path+"."+v.Type().Field(i).Name, v.Field(i))
			}
		default:
			f(path, "")
		}
	}
	walk("words", reflect.ValueOf(*w))
}

func TestWords_noneIsMissing(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"ja", "en"} {
		n := 0
		eachWord(newWords(lang), func(path, text string) {
			n++
			if text == "" {
				t.Errorf("%s: %s is empty", lang, path)
			}
		})
		if n < 100 {
			t.Errorf("%s: only %d words were looked at", lang, n)
		}
	}
}

func TestWords_haveTheSamePlacesInBothLanguages(t *testing.T) {
	t.Parallel()
	place := regexp.MustCompile(`%[dsqx]`)
	verbs := func(s string) string {
		return strings.Join(place.FindAllString(strings.ReplaceAll(s, "%%", ""), -1), " ")
	}
	english := map[string]string{}
	eachWord(newWords("en"), func(path, text string) { english[path] = text })
	eachWord(newWords("ja"), func(path, text string) {
		if verbs(text) != verbs(english[path]) {
			t.Errorf("%s: %q and %q differ in what they have places for", path, text, english[path])
		}
	})
}

// A character that some terminals draw one cell wide and others two would make
// every line it stands on crooked.
func TestWords_haveOneWidthEverywhere(t *testing.T) {
	t.Parallel()
	eastAsian := &runewidth.Condition{EastAsianWidth: true}
	western := &runewidth.Condition{}
	for _, lang := range []string{"ja", "en"} {
		eachWord(newWords(lang), func(path, text string) {
			for line := range strings.SplitSeq(text, "\n") {
				if n := cells(line); n != western.StringWidth(line) || n != eastAsian.StringWidth(line) {
					t.Errorf("%s: %s: %q is %d, %d or %d cells wide", lang, path, line, n,
						western.StringWidth(line), eastAsian.StringWidth(line))
				}
			}
			if !pos.IsClean(strings.ReplaceAll(text, "\n", "")) {
				t.Errorf("%s: %s has control characters: %q", lang, path, text)
			}
		})
	}
	for _, s := range []string{yen(12_345_678), cutMark, "> * [ ] ・"} {
		if cells(s) != eastAsian.StringWidth(s) {
			t.Errorf("%q is %d or %d cells wide", s, cells(s), eastAsian.StringWidth(s))
		}
	}
}

func TestNewWords_takesALocale(t *testing.T) {
	t.Parallel()
	for lang, want := range map[string]string{"ja": "ja", "en": "en", "en_US.UTF-8": "en", "": "ja", "fr": "ja"} {
		if got := newWords(lang).Common.Lang; got != want {
			t.Errorf("%q: %s, want %s", lang, got, want)
		}
	}
}
