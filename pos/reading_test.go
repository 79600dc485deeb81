package pos

import (
	"testing"

	"pgregory.net/rapid"
)

func TestFold_makesAlikeWhatIsTakenForTheSame(t *testing.T) {
	t.Parallel()
	for _, same := range [][]string{
		{"コーヒー", "こーひー", "ｺｰﾋｰ", "コーヒ", "こひ"},
		{"ガパオ", "ｶﾞﾊﾟｵ", "がぱお", "か\u3099は\u309aお"},
		{"ファンタ", "ふぁんた", "ﾌｧﾝﾀ", "フアンタ"},
		{"ヴェ", "ｳﾞｪ", "ゔぇ"},
		{"Green Tea", "ＧＲＥＥＮ　ＴＥＡ", "green tea"},
		{"キャベツ", "ｷｬﾍﾞﾂ", "きやべつ"},
		{"抹茶500ml", "抹茶５００ＭＬ"},
	} {
		for _, s := range same[1:] {
			if got, want := fold(s), fold(same[0]); got != want {
				t.Errorf("%q folds to %q, %q to %q", s, got, same[0], want)
			}
		}
	}
	for _, c := range [][2]string{{"か", "が"}, {"は", "ぱ"}, {"茶", "ちゃ"}, {"1", "2"}} {
		if fold(c[0]) == fold(c[1]) {
			t.Errorf("%q and %q fold to the same", c[0], c[1])
		}
	}
}

func TestSound_isHoweverItIsTyped(t *testing.T) {
	t.Parallel()
	for kana, spelt := range map[string][]string{
		"コーヒー":    {"koohii", "kohi", "ko-hi-", "kouhii"},
		"ほうじちゃ":   {"houjicha", "hojicha", "houzitya", "hojitya"},
		"シュークリーム": {"shuukuriimu", "syukurimu", "shukurimu"},
		"どらやき":    {"dorayaki"},
		"こんにゃく":   {"konnyaku", "konyaku", "kon'nyaku"},
		"しんぶん":    {"shinbun", "shimbun", "sinnbunn"},
		"ファンタ":    {"fanta"},
		"ﾊﾟﾝ":     {"pan", "pann"},
		"ティッシュ":   {"tisshu", "tissyu"},
		"ウェハース":   {"weha-su", "wehasu"},
		"チェリー":    {"cherii", "cheri"},
		"ジュース":    {"juusu", "zyusu", "jyuusu"},
		"ツナ":      {"tsuna", "tuna"},
		"ラッテ":     {"ratte", "latte"},
		"ぎゅうどん":   {"gyuudon", "gyudon"},
	} {
		for _, s := range spelt {
			if got, ok := typed(s); !ok || got != sound(kana) {
				t.Errorf("%q is typed %q; %s sounds %q", s, got, kana, sound(kana))
			}
		}
	}
	if len(romaji) != 'ゖ'-'ぁ'+1 {
		t.Errorf("%d syllables", len(romaji))
	}
	if got := sound("抹茶ラテ HOT ミルク"); got != " rate miruku" {
		t.Errorf("kana between other characters sound %q", got)
	}
	for _, s := range []string{"", "500", "茶", "a1", "a b", "zzz"} {
		if got, ok := typed(s); ok {
			t.Errorf("%q is typed %q", s, got)
		}
	}
}

// While a word is being typed, what is there already is a part of it.
func TestTyped_findsWhatIsBegun(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ spelt, kana string }{
		{"koohii", "コーヒー"}, {"shuukuriimu", "シュークリーム"}, {"hojicha", "ほうじちゃ"}, {"kurowassan", "クロワッサン"}, {"tsukemen", "つけめん"},
	} {
		for n := range len(c.spelt) {
			got, _ := typed(c.spelt[:n+1])
			if all := sound(c.kana); len(got) > len(all) || all[:len(got)] != got {
				t.Errorf("%q (%q) is no beginning of %q", c.spelt[:n+1], got, all)
			}
		}
	}
}

func TestFold_twiceIsOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.RuneFrom([]rune("かがっゃーｶﾞﾊﾟ゛゜ヴあAａ茶 ")))).Draw(t, "s")
		_ = sound(s)
		if once := fold(s); fold(once) != once {
			t.Fatalf("%q folds to %q, and that to %q", s, once, fold(once))
		}
	})
}
