package paypay

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"
)

// linkKey is what the secret of PayPay stands for when tokens are signed.
const (
	linkKey    = "CANARYkeyOfTokens-0123456789abcdef"
	linkShop   = "むね堂"
	linkAPIKey = "a_CANARYlink"
)

func linkCredentials(t testing.TB, secret string) Credentials {
	t.Helper()
	c, err := NewCredentials(linkAPIKey, secret, "")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func linkSecret() string { return base64.StdEncoding.EncodeToString([]byte(linkKey)) }

func pendingLink() PendingLink {
	return PendingLink{Issuer: linkShop, Nonce: "CANARYnonce-1", ReferenceID: "CANARYcustomer-7"}
}

func webLink() WebLink {
	return WebLink{
		PendingLink: pendingLink(),
		Scopes:      []string{"direct_debit", "get_balance"},
		RedirectURL: "https://shop.example.jp/paypay/back",
	}
}

// linkClaims are those of a customer who agreed, with some changed. A nil takes
// one out.
func linkClaims(change jwt.MapClaims) jwt.MapClaims {
	claims := jwt.MapClaims{
		"iss":                 "paypay.ne.jp",
		"aud":                 linkShop,
		"exp":                 time.Now().Add(time.Minute).Unix(),
		"result":              "succeeded",
		"nonce":               "CANARYnonce-1",
		"referenceId":         "CANARYcustomer-7",
		"userAuthorizationId": "5b2a3a3c-5e0f-4c0f-9f0e-CANARYuser01",
		"profileIdentifier":   "*******5678",
	}
	maps.Copy(claims, change)
	maps.DeleteFunc(claims, func(_ string, v any) bool { return v == nil })
	return claims
}

func signed(t testing.TB, claims jwt.Claims) string {
	t.Helper()
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte(linkKey))
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// signedText signs a payload that need not be JSON.
func signedText(t testing.TB, header, payload string) string {
	t.Helper()
	text := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + base64.RawURLEncoding.EncodeToString([]byte(payload))
	mac, err := jwt.SigningMethodHS256.Sign(text, []byte(linkKey))
	if err != nil {
		t.Fatal(err)
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(mac)
}

// payloadOf is what a token claims.
func payloadOf(t testing.TB, token string) string {
	t.Helper()
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	return string(payload)
}

func TestLinkURL(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := webLink()
		r.DeviceID, r.PhoneNumber = "device-3", "09012345678"
		link, err := linkCredentials(t, linkSecret()).LinkURL(LinkPage, r)
		if err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(link)
		if err != nil {
			t.Fatal(err)
		}
		query := u.Query()
		if u.Host != "www.paypay.ne.jp" || u.Path != "/app/opa/user_authorization" || query.Get("apiKey") != linkAPIKey || len(query) != 2 {
			t.Errorf("link %s", link)
		}

		// PayPay's view: the decoded secret is the key.
		claims := jwt.MapClaims{}
		token, err := jwt.ParseWithClaims(query.Get("requestToken"), claims,
			func(*jwt.Token) (any, error) { return []byte(linkKey), nil }, jwt.WithValidMethods([]string{"HS256"}))
		if err != nil {
			t.Fatal(err)
		}
		want := jwt.MapClaims{
			"aud":         "paypay.ne.jp",
			"iss":         linkShop,
			"exp":         float64(time.Now().Add(10 * time.Minute).Unix()),
			"scope":       "direct_debit,get_balance",
			"nonce":       "CANARYnonce-1",
			"redirectUrl": "https://shop.example.jp/paypay/back",
			"referenceId": "CANARYcustomer-7",
			"deviceId":    "device-3",
			"phoneNumber": "09012345678",
		}
		if d := cmp.Diff(want, claims); d != "" {
			t.Error(d)
		}
		if d := cmp.Diff(map[string]any{"alg": "HS256", "typ": "JWT"}, token.Header); d != "" {
			t.Error(d)
		}
	})
}

func TestLinkURL_leavesOutWhatIsEmpty(t *testing.T) {
	t.Parallel()
	r := webLink()
	r.ExpiresAt = time.Now().Add(time.Hour).Unix()
	token, err := linkCredentials(t, linkSecret()).linkToken(r)
	if err != nil {
		t.Fatal(err)
	}
	claims := jwt.MapClaims{}
	if _, _, err := jwt.NewParser().ParseUnverified(token, claims); err != nil {
		t.Fatal(err)
	}
	if len(claims) != 7 || claims["exp"] != float64(r.ExpiresAt) {
		t.Errorf("claims %v", claims)
	}
}

func TestLinkURL_refuses(t *testing.T) {
	t.Parallel()
	now := time.Now().Unix()
	long := strings.Repeat("あ", 256)
	for name, edit := range map[string]func(*WebLink){
		"no issuer":                func(r *WebLink) { r.Issuer = "" },
		"issuer that is PayPay":    func(r *WebLink) { r.Issuer = "paypay.ne.jp" },
		"issuer too long":          func(r *WebLink) { r.Issuer = long },
		"no nonce":                 func(r *WebLink) { r.Nonce = "" },
		"nonce too long":           func(r *WebLink) { r.Nonce = long },
		"no reference":             func(r *WebLink) { r.ReferenceID = "" },
		"reference not UTF-8":      func(r *WebLink) { r.ReferenceID = "\xff" },
		"no scope":                 func(r *WebLink) { r.Scopes = nil },
		"empty scope":              func(r *WebLink) { r.Scopes = []string{""} },
		"two scopes in one":        func(r *WebLink) { r.Scopes = []string{"cashback,get_balance"} },
		"no redirect":              func(r *WebLink) { r.RedirectURL = "" },
		"redirect by http":         func(r *WebLink) { r.RedirectURL = "http://shop.example.jp/" },
		"redirect without host":    func(r *WebLink) { r.RedirectURL = "https:///back" },
		"redirect with a password": func(r *WebLink) { r.RedirectURL = "https://a:b@shop.example.jp/" },
		"redirect that is no URL":  func(r *WebLink) { r.RedirectURL = "https://shop.example.jp/\x00" },
		"redirect too long":        func(r *WebLink) { r.RedirectURL = "https://shop.example.jp/" + strings.Repeat("a", 255) },
		"expired":                  func(r *WebLink) { r.ExpiresAt = now - 1 },
		"negative":                 func(r *WebLink) { r.ExpiresAt = -1 },
		"in milliseconds":          func(r *WebLink) { r.ExpiresAt = (now + 60) * 1000 },
		"device too long":          func(r *WebLink) { r.DeviceID = long },
		"nonce of two lines":       func(r *WebLink) { r.Nonce = "a\nb" },
		"device with an escape":    func(r *WebLink) { r.DeviceID = "\x1b[2J" },
		"phone not UTF-8":          func(r *WebLink) { r.PhoneNumber = "\xff" },
	} {
		r := webLink()
		edit(&r)
		if link, err := linkCredentials(t, linkSecret()).LinkURL(LinkPage, r); err == nil || link != "" {
			t.Errorf("%s: %q, error %v", name, link, err)
		}
	}
	for _, page := range []string{
		"", "www.paypay.ne.jp/app", "http://www.paypay.ne.jp/app", "https://a:b@c/", "https://c/?a=b", "https://c/#d", "%",
	} {
		if link, err := linkCredentials(t, linkSecret()).LinkURL(page, webLink()); err == nil {
			t.Errorf("page %q gives %q", page, link)
		}
	}
	if _, err := linkCredentials(t, linkSecret()).LinkURL("http://127.0.0.1:8080/link", webLink()); err != nil {
		t.Error("a page of this machine:", err)
	}
	if _, err := (Credentials{}).LinkURL(LinkPage, webLink()); err == nil {
		t.Error("without credentials")
	}
}

func TestLinkURL_secretIsNotBase64(t *testing.T) {
	t.Parallel()
	for _, secret := range []string{"CANARY!secret", "CANARYs", "Q0FOQVJZCANARY=", "CANARY_-", "===="} {
		c := linkCredentials(t, secret)
		_, err := c.LinkURL(LinkPage, webLink())
		if err == nil || !strings.Contains(err.Error(), "Base64") || strings.Contains(err.Error(), "CANARY") || strings.ContainsAny(err.Error(), "0123578") {
			t.Errorf("%q: %v", secret, err)
		}
		_, err = c.ReadLinkToken(signed(t, linkClaims(nil)), pendingLink())
		if err == nil || !strings.Contains(err.Error(), "Base64") {
			t.Errorf("%q: %v", secret, err)
		}
	}
}

func TestReadLinkToken(t *testing.T) {
	t.Parallel()
	agreed := Link{Result: LinkSucceeded, UserAuthorizationID: "5b2a3a3c-5e0f-4c0f-9f0e-CANARYuser01", ProfileIdentifier: "*******5678"}
	refusal := jwt.MapClaims{"userAuthorizationId": nil, "profileIdentifier": nil}
	tests := map[string]struct {
		change jwt.MapClaims
		want   Link
	}{
		"succeeded":             {nil, agreed},
		"addressed to the key":  {jwt.MapClaims{"aud": linkAPIKey}, agreed},
		"audience in a list":    {jwt.MapClaims{"aud": []string{linkShop}}, agreed},
		"no phone number":       {jwt.MapClaims{"profileIdentifier": nil}, Link{LinkSucceeded, agreed.UserAuthorizationID, ""}},
		"claims added later":    {jwt.MapClaims{"new": []any{1.5, nil}}, agreed},
		"expired just now":      {jwt.MapClaims{"exp": time.Now().Add(-5 * time.Second).Unix()}, agreed},
		"declined":              {jwt.MapClaims{"result": "declined"}, Link{Result: LinkDeclined}},
		"bad request":           {jwt.MapClaims{"result": "bad_request"}, Link{Result: LinkBadRequest}},
		"declined, with others": {jwt.MapClaims{"result": "declined", "userAuthorizationId": "x"}, Link{Result: LinkDeclined}},
	}
	for name, tt := range tests {
		claims := linkClaims(tt.change)
		if tt.want.Result != LinkSucceeded && !strings.Contains(name, "others") {
			maps.Copy(claims, refusal)
			maps.DeleteFunc(claims, func(_ string, v any) bool { return v == nil })
		}
		got, err := linkCredentials(t, linkSecret()).ReadLinkToken(signed(t, claims), pendingLink())
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if d := cmp.Diff(tt.want, got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func TestReadLinkToken_ofAQRSession(t *testing.T) {
	t.Parallel()
	pending := pendingLink()
	pending.Issuer = ""
	c := linkCredentials(t, linkSecret())
	if _, err := c.ReadLinkToken(signed(t, linkClaims(jwt.MapClaims{"aud": linkAPIKey})), pending); err != nil {
		t.Error(err)
	}
	for _, aud := range []any{"", linkShop, nil} {
		if got, err := c.ReadLinkToken(signed(t, linkClaims(jwt.MapClaims{"aud": aud})), pending); !errors.Is(err, ErrLinkToken) {
			t.Errorf("audience %v: %+v, %v", aud, got, err)
		}
	}
}

func TestReadLinkToken_refuses(t *testing.T) {
	t.Parallel()
	const header = `{"alg":"HS256","typ":"JWT"}`
	with := func(change jwt.MapClaims) string { return signed(t, linkClaims(change)) }
	by := func(method jwt.SigningMethod, key any) string {
		token, err := jwt.NewWithClaims(method, linkClaims(nil)).SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	good := with(nil)
	parts := strings.Split(good, ".")
	text := func(edit ...string) string {
		doc := `{"iss":"paypay.ne.jp","aud":"` + linkShop + `","exp":99999999999,"result":"succeeded",` +
			`"nonce":"CANARYnonce-1","referenceId":"CANARYcustomer-7","userAuthorizationId":"CANARY-user"}`
		return signedText(t, header, strings.NewReplacer(edit...).Replace(doc))
	}
	c := linkCredentials(t, linkSecret())
	if _, err := c.ReadLinkToken(text(), pendingLink()); err != nil {
		t.Fatal(err) // So that each edit below is what is refused.
	}

	tests := map[string]struct {
		token string
		want  error
	}{
		"nothing":                   {"", ErrLinkToken},
		"not a token":               {"CANARY", ErrLinkToken},
		"four parts":                {good + ".x", ErrLinkToken},
		"many parts":                {strings.Repeat(".", 8000), ErrLinkToken},
		"too long":                  {good + strings.Repeat("a", 9000), ErrLinkToken},
		"no signature":              {parts[0] + "." + parts[1] + ".", ErrLinkToken},
		"signature of another":      {parts[0] + "." + parts[1] + "." + strings.Split(with(jwt.MapClaims{"nonce": "n"}), ".")[2], ErrLinkToken},
		"signature padded":          {good + "=", ErrLinkToken},
		"signed with HS512":         {by(jwt.SigningMethodHS512, []byte(linkKey)), ErrLinkToken},
		"signed with RS256":         {by(jwt.SigningMethodRS256, private), ErrLinkToken},
		"method none":               {by(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType), ErrLinkToken},
		"signed by the bare secret": {by(jwt.SigningMethodHS256, []byte(linkSecret())), ErrLinkToken},
		"method unknown":            {signedText(t, `{"alg":"CANARY"}`, "{}"), ErrLinkToken},
		"no method":                 {signedText(t, `{}`, "{}"), ErrLinkToken},
		"something critical":        {signedText(t, `{"alg":"HS256","crit":["b64"],"b64":true}`, payloadOf(t, good)), ErrLinkToken},
		"payload not JSON":          {signedText(t, header, "CANARY"), ErrLinkToken},
		"payload null":              {signedText(t, header, "null"), ErrLinkToken},
		"other issuer":              {with(jwt.MapClaims{"iss": "CANARY"}), ErrLinkToken},
		"our own request":           {with(jwt.MapClaims{"iss": linkShop, "aud": "paypay.ne.jp"}), ErrLinkToken},
		"no issuer":                 {with(jwt.MapClaims{"iss": nil}), ErrLinkToken},
		"other audience":            {with(jwt.MapClaims{"aud": "CANARY"}), ErrLinkToken},
		"no audience":               {with(jwt.MapClaims{"aud": nil}), ErrLinkToken},
		"audience of two":           {with(jwt.MapClaims{"aud": []string{linkShop, "CANARY"}}), ErrLinkToken},
		"no expiry":                 {with(jwt.MapClaims{"exp": nil}), ErrLinkToken},
		"expiry a text":             {with(jwt.MapClaims{"exp": "99999999999"}), ErrLinkToken},
		"expiry a fraction":         {text("99999999999", "99999999999.5"), ErrLinkToken},
		"not valid yet":             {with(jwt.MapClaims{"nbf": time.Now().Add(time.Hour).Unix()}), ErrLinkToken},
		"expired":                   {with(jwt.MapClaims{"exp": time.Now().Add(-time.Minute).Unix()}), ErrLinkExpired},
		"expired and forged":        {with(jwt.MapClaims{"exp": 1, "iss": "CANARY"}), ErrLinkToken},
		"other nonce":               {with(jwt.MapClaims{"nonce": "CANARYnonce-2"}), ErrLinkOther},
		"no nonce":                  {with(jwt.MapClaims{"nonce": nil}), ErrLinkOther},
		"other reference":           {with(jwt.MapClaims{"referenceId": "CANARYcustomer-8"}), ErrLinkOther},
		"no reference":              {with(jwt.MapClaims{"referenceId": nil}), ErrLinkOther},
		"declined by another":       {with(jwt.MapClaims{"result": "declined", "nonce": "n"}), ErrLinkOther},
		"unknown result":            {with(jwt.MapClaims{"result": "CANARY"}), ErrLinkToken},
		"no result":                 {with(jwt.MapClaims{"result": nil}), ErrLinkToken},
		"no authorization":          {with(jwt.MapClaims{"userAuthorizationId": nil}), ErrLinkToken},
		"authorization no id":       {with(jwt.MapClaims{"userAuthorizationId": "../CANARY"}), ErrLinkToken},
		"claim twice":               {text(`"result"`, `"result":"declined","result"`), ErrLinkToken},
		"claim in two cases":        {text(`"result"`, `"Result":"declined","result"`), ErrLinkToken},
		"claim in another case":     {text(`"exp"`, `"EXP"`), ErrLinkToken},
		"claim of another type":     {text(`"CANARYnonce-1"`, `["CANARYnonce-1"]`), ErrLinkToken},
	}
	for name, tt := range tests {
		got, err := c.ReadLinkToken(tt.token, pendingLink())
		if !errors.Is(err, tt.want) || got != (Link{}) {
			t.Errorf("%s: %+v, %v", name, got, err)
			continue
		}
		if s := err.Error(); strings.Contains(s, "CANARY") || strings.Contains(s, parts[0]) {
			t.Errorf("%s: error %s", name, s)
		}
	}
}

func TestReadLinkToken_leewayEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := linkCredentials(t, linkSecret())
		token := signed(t, linkClaims(jwt.MapClaims{"exp": time.Now().Unix()}))
		for _, tt := range []struct {
			wait time.Duration
			want error
		}{{0, nil}, {29 * time.Second, nil}, {2 * time.Second, ErrLinkExpired}} {
			<-time.After(tt.wait)
			if _, err := c.ReadLinkToken(token, pendingLink()); !errors.Is(err, tt.want) {
				t.Errorf("after %s more: %v", tt.wait, err)
			}
		}
	})
}

func TestReadLinkToken_nothingPending(t *testing.T) {
	t.Parallel()
	c := linkCredentials(t, linkSecret())
	token := signed(t, linkClaims(jwt.MapClaims{"nonce": "", "referenceId": ""}))
	for _, pending := range []PendingLink{{}, {Nonce: "n"}, {ReferenceID: "r"}, {Issuer: "\xff", Nonce: "n", ReferenceID: "r"}} {
		if got, err := c.ReadLinkToken(token, pending); err == nil {
			t.Errorf("%+v gives %+v", pending, got)
		}
	}
	if _, err := (Credentials{}).ReadLinkToken(token, pendingLink()); err == nil {
		t.Error("without credentials")
	}
}

// FuzzReadLinkToken holds that no token makes the client panic, that no error
// repeats one, and that what is believed carries a signature of the key, answers
// the pending request and no longer does when a character of it is another. Half
// of the inputs are signed, so that the claims are reached.
func FuzzReadLinkToken(f *testing.F) {
	good := `{"iss":"paypay.ne.jp","aud":"むね堂","exp":99999999999,"result":"succeeded",` +
		`"nonce":"CANARYnonce-1","referenceId":"CANARYcustomer-7","userAuthorizationId":"u-1"}`
	f.Add(`{"alg":"HS256"}`, good, true, 0)
	f.Add(`{"typ":"JWT","alg":"HS256"}`, strings.Replace(good, "succeeded", "declined", 1), true, 40)
	f.Add(`{"alg":"HS256"}`, strings.Replace(good, `"むね堂"`, `["a_CANARYlink"]`, 1), true, 1)
	f.Add(`{"alg":"HS256"}`, strings.Replace(good, "むね堂", "another", 1), true, 0)
	f.Add(`{"alg":"HS256"}`, strings.Replace(good, "nonce-1", "nonce-2", 1), true, 0)
	longer, err := jwt.NewWithClaims(jwt.SigningMethodHS384, linkClaims(nil)).SignedString([]byte(linkKey))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(longer, "", false, 0)
	f.Add(`{"alg":"HS256"}`, good, false, 0)
	f.Add(`{"alg":"none"}`, good, true, 0)
	f.Add(`{"alg":"HS256"}`, `{"exp":1e400,"aud":[null]}`, true, 0)
	f.Add("eyJhbGciOiJIUzI1NiJ9.e30.", "", false, 0)
	f.Fuzz(func(t *testing.T, header, payload string, sign bool, place int) {
		token := header + payload
		if sign {
			token = signedText(t, header, payload)
		}
		c := linkCredentials(t, linkSecret())
		got, err := c.ReadLinkToken(token, pendingLink())
		if err != nil {
			if s := err.Error(); got != (Link{}) || len(s) > 120 || strings.Contains(s, "CANARY") {
				t.Errorf("%+v beside %v", got, err)
			}
			return
		}
		if !sign {
			t.Fatalf("believed %+v of %q", got, token)
		}
		saysOnce(t, []byte(payload))
		if alg := plainly(t, []byte(header))["alg"]; alg != "HS256" {
			t.Errorf("believed %+v by the method %v", got, alg)
		}
		claims := plainly(t, []byte(payload))
		audience := claims["aud"]
		if list, ok := audience.([]any); ok && len(list) == 1 {
			audience = list[0]
		}
		if audience != linkShop && audience != linkAPIKey {
			t.Errorf("believed %+v for %v", got, audience)
		}
		want := map[string]any{
			"iss": linkIssuer, "nonce": pendingLink().Nonce, "referenceId": pendingLink().ReferenceID, "result": string(got.Result),
		}
		if got.Result == LinkSucceeded {
			want["userAuthorizationId"] = got.UserAuthorizationID
		}
		for claim, value := range want {
			if claims[claim] != value {
				t.Errorf("believed %+v, but %s is %v", got, claim, claims[claim])
			}
		}
		if got.Result != LinkSucceeded && got.UserAuthorizationID != "" {
			t.Errorf("%+v from %s", got, payload)
		}
		if end, ok := claims["exp"].(json.Number); !ok || end.String() <= "0" {
			t.Errorf("believed %+v for ever", got)
		}

		changed := []byte(token)
		i := len(changed) - 1 - int(uint(place)%uint(len(changed)))
		if changed[i]++; changed[i] >= 0x7f {
			changed[i] = 'A'
		}
		if other, err := c.ReadLinkToken(string(changed), pendingLink()); err == nil {
			t.Errorf("believed %+v of %s, which is not %s", other, changed, token)
		}
	})
}
