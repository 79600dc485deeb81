package pos

import (
	"strings"
	"unicode/utf8"
)

// fold makes texts alike that people take for the same when they look for
// something: letter case, full and half width, hiragana and katakana, small
// and large kana, and long vowels make no difference.
func fold(s string) string {
	if isASCII(s) {
		return strings.ToLower(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	last := rune(0) // written once it is known that no voicing mark follows
	for _, r := range s {
		if voiced, ok := voice(last, r); ok {
			last = voiced
			continue
		}
		if last != 0 {
			b.WriteRune(last)
		}
		last = foldRune(r)
	}
	if last != 0 {
		b.WriteRune(last)
	}
	return b.String()
}

const (
	halfKatakana = "ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン"
	smallKana    = "ぁぃぅぇぉっゃゅょゎゕゖ"
	largeKana    = "あいうえおつやゆよわかけ"
)

var (
	widened  = []rune(halfKatakana)
	small    = []rune(smallKana)
	enlarged = []rune(largeKana)
)

// foldRune is a character as fold writes it, and 0 for one that it leaves out.
func foldRune(r rune) rune {
	if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' {
		return r
	}
	r = hiragana(r)
	switch {
	case 'A' <= r && r <= 'Z':
		return r + 'a' - 'A'
	case 'ぁ' <= r && r <= 'ゖ':
	case r == 'ー', r == 'ﾞ', r == '゛', r == '\u3099', r == 'ﾟ', r == '゜', r == '\u309a': // marks that voice nothing
		return 0
	default:
		return r
	}
	for i, s := range small {
		if r == s {
			return enlarged[i]
		}
	}
	return r
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// hiragana is a kana in hiragana, and any other character in its ordinary
// width.
func hiragana(r rune) rune {
	switch {
	case 'ｦ' <= r && r <= 'ﾝ':
		r = widened[r-'ｦ']
	case '！' <= r && r <= '～':
		return r - '！' + '!'
	case r == '　':
		return ' '
	}
	if 'ァ' <= r && r <= 'ヶ' {
		return r - 'ァ' + 'ぁ'
	}
	return r
}

// voice is a kana with the voicing mark that follows it as a character of its
// own, as it does in half-width katakana.
func voice(kana, mark rune) (rune, bool) {
	switch mark {
	case 'ﾞ', '\u3099', '゛':
		switch {
		case kana == 'う':
			return 'ゔ', true
		case strings.ContainsRune("かきくけこさしすせそたちつてとはひふへほ", kana):
			return kana + 1, true
		}
	case 'ﾟ', '\u309a', '゜':
		if strings.ContainsRune("はひふへほ", kana) {
			return kana + 2, true
		}
	}
	return kana, false
}

// isKana reports whether a character is one that readings are written with.
func isKana(r rune) bool {
	r = hiragana(r)
	return 'ぁ' <= r && r <= 'ゖ' || r == 'ー'
}

// romaji are the kana from ぁ to ゖ as they are typed, in the plainest of the
// ways there are.
var romaji = strings.Fields("a a i i u u e e o o ka ga ki gi ku gu ke ge ko go sa za si zi su zu se ze so zo " +
	"ta da ti zi - tu zu te de to do na ni nu ne no ha ba pa hi bi pi hu bu pu he be pe ho bo po " +
	"ma mi mu me mo ya ya yu yu yo yo ra ri ru re ro wa wa i e o n bu ka ke")

// sound is how the kana of a text are typed without an input method, in the
// form of typed. Each run of other characters becomes a space.
func sound(s string) string {
	if isASCII(s) {
		return ""
	}
	var b strings.Builder
	between := false
	var last rune
	syllable := ""
	write := func() {
		if syllable != "" && between {
			b.WriteByte(' ')
		}
		if syllable != "" {
			between = false
		}
		b.WriteString(syllable)
		syllable = ""
	}
	for _, r := range s {
		if voiced, ok := voice(last, r); ok {
			last = voiced
			syllable = romaji[voiced-'ぁ']
			continue
		}
		r = hiragana(r)
		last = r
		switch {
		case r == 'ー' || r == 'っ':
		case r < 'ぁ' || r > 'ゖ':
			write()
			between = true
		case strings.ContainsRune("ぁぃぅぇぉ", r) && syllable != "" && syllable != "n":
			if syllable == "u" {
				syllable = "ww"
			}
			syllable = syllable[:len(syllable)-1] + romaji[r-'ぁ'] // ファ, ティ, ウェ
		case strings.ContainsRune("ゃゅょ", r) && len(syllable) > 1:
			syllable = syllable[:len(syllable)-1] + romaji[r-'ぁ']
		default:
			write()
			syllable = romaji[r-'ぁ']
		}
	}
	write()
	return plainest(b.String())
}

// spellings are the ways to type a syllable that are not the plainest. A
// syllable of which only the beginning has been typed is one of them.
var spellings = strings.NewReplacer(
	"shi", "si", "sha", "sya", "shu", "syu", "sho", "syo", "sh", "s",
	"chi", "ti", "cha", "tya", "chu", "tyu", "cho", "tyo", "ch", "t",
	"cya", "tya", "cyu", "tyu", "cyo", "tyo",
	"tsu", "tu", "ts", "t", "dzu", "zu", "du", "zu", "di", "di",
	"jya", "zya", "jyu", "zyu", "jyo", "zyo", "ja", "zya", "ju", "zyu", "jo", "zyo", "j", "z",
	"f", "h", "v", "b", "l", "r", "wo", "o",
	"mb", "nb", "mp", "np", "mm", "nm",
	"c", "t", "'", "", "-", "",
)

// typed is a word of letters as sound has it, however it is spelt, and false
// for one that cannot be a reading.
func typed(word string) (string, bool) {
	for i := range max(len(word)-2, 0) {
		if strings.Count(word[i:i+3], word[i:i+1]) == 3 {
			return "", false // no spelling
		}
	}
	if word == "" || strings.Trim(word, "abcdefghijklmnopqrstuvwxyz'-") != "" {
		return "", false
	}
	return plainest(spellings.Replace(word)), true
}

// plainest leaves out what makes a vowel long and a consonant double.
func plainest(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	var last rune
	for _, r := range s {
		if r == last || r == 'u' && last == 'o' {
			continue
		}
		b.WriteRune(r)
		last = r
	}
	return b.String()
}
