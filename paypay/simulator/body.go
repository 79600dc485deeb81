package simulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"
	"unicode"
	"unicode/utf8"
)

// maxBody is the largest request body that is read.
const maxBody = 64 << 10

// maxAmount is the largest amount that eleven digits hold, in yen.
const maxAmount = 99_999_999_999

// parseBody splits a request's body into its members.
func (s *Simulator) parseBody(q request) (*fields, *answer) {
	object, err := parseObject(q.body)
	if err != nil {
		return nil, invalidParams("the body is not one JSON object: " + err.Error())
	}
	return &fields{object: object, window: s.cfg.RequestedAtWindow, moved: s.offset}, nil
}

// fields reads the members of a JSON object one by one, and keeps the first
// refusal. What was not read at the end is unknown.
type fields struct {
	object  map[string]json.RawMessage
	within  string
	window  time.Duration // how far requestedAt may be from now
	moved   time.Duration // how far the clock was moved on
	refused *answer
}

func (f *fields) refuse(a *answer) {
	if f.refused == nil && a != nil {
		f.refused = a
	}
}

// take removes a member. It refuses null: what has no value is to be left out.
func (f *fields) take(name string, required bool) (json.RawMessage, bool) {
	raw, ok := f.object[name]
	delete(f.object, name)
	switch {
	case !ok && required:
		f.refuse(refuse(http.StatusBadRequest, "MISSING_REQUEST_PARAMS", "08100024", f.within+name+": is missing"))
	case ok && string(raw) == "null":
		f.refuse(invalidParams(f.within + name + ": must not be null"))
		return nil, false
	}
	return raw, ok
}

func (f *fields) child(name string) map[string]json.RawMessage {
	raw, ok := f.take(name, true)
	if !ok {
		return nil
	}
	object, err := parseObject(raw)
	if err != nil {
		f.refuse(invalidParams(f.within + name + ": is not an object: " + err.Error()))
	}
	return object
}

func (f *fields) has(name string) bool {
	_, sent := f.object[name]
	return sent
}

// done is why the members cannot be used, or nil.
func (f *fields) done() *answer {
	f.unknown()
	return f.refused
}

// money reads yen.
func (f *fields) money(name string) int64 {
	m := fields{object: f.child(name), within: f.within + name + "."}
	yen := m.integer("amount", 1, maxAmount)
	m.constant("currency", "JPY")
	f.refuse(m.done())
	return yen
}

// requestedAt reads when the caller made its request, in seconds. A caller whose
// clock nobody has moved on may say so by that.
func (f *fields) requestedAt(now time.Time) int64 {
	unmoved := now.Add(-f.moved)
	if at, err := strconv.ParseInt(string(f.object["requestedAt"]), 10, 64); err == nil && unmoved.Sub(time.Unix(at, 0)).Abs() <= f.window {
		now = unmoved
	}
	return f.integer("requestedAt", now.Add(-f.window).Unix(), now.Add(f.window).Unix())
}

// redirectType reads how the customer comes back: to a page, to an app, or by one
// of some more ways.
func (f *fields) redirectType(name string, more ...string) *string {
	t := f.text(name)
	if t != nil && *t != "WEB_LINK" && *t != "APP_DEEP_LINK" && !slices.Contains(more, *t) {
		f.refuse(invalidParams(name + ": is unknown"))
	}
	return t
}

// id reads an id that is required.
func (f *fields) id(name string, wrong func(string) *answer) string {
	raw, ok := f.take(name, true)
	if !ok {
		return ""
	}
	var id string
	if json.Unmarshal(raw, &id) != nil || !plainID(id) {
		f.refuse(wrong(f.within + name + ": must be 1 to 64 of a-z A-Z 0-9 - _"))
	}
	return id
}

// longID reads an id of up to 255 characters that is required.
func (f *fields) longID(name string) string {
	id := f.needText(name)
	if id != nil && !plain(*id, 255) {
		f.refuse(invalidParams(f.within + name + ": must be 1 to 255 of a-z A-Z 0-9 - _"))
	}
	if id == nil {
		return ""
	}
	return *id
}

// needText reads text that is required.
func (f *fields) needText(name string) *string {
	if !f.has(name) {
		f.take(name, true)
		return nil
	}
	return f.text(name)
}

func (f *fields) text(name string) *string {
	raw, ok := f.take(name, false)
	if !ok {
		return nil
	}
	var text string
	switch err := json.Unmarshal(raw, &text); {
	case err != nil:
		f.refuse(invalidParams(f.within + name + ": must be text"))
	case utf8.RuneCountInString(text) > 255:
		f.refuse(invalidParams(f.within + name + ": must be at most 255 characters"))
	case slices.ContainsFunc([]rune(text), unicode.IsControl):
		f.refuse(invalidParams(f.within + name + ": must not hold control characters"))
	}
	return &text
}

// someText reads text that is required and not empty.
func (f *fields) someText(name string) string {
	t := f.needText(name)
	if t == nil {
		return ""
	}
	if *t == "" {
		f.refuse(invalidParams(f.within + name + ": must not be empty"))
	}
	return *t
}

// texts reads a list of texts that is required.
func (f *fields) texts(name string) []string {
	raw, ok := f.take(name, true)
	if !ok {
		return nil
	}
	var texts []string
	if json.Unmarshal(raw, &texts) != nil || len(texts) == 0 || len(texts) > 100 {
		f.refuse(invalidParams(f.within + name + ": must be a list of texts"))
	}
	return texts
}

func (f *fields) constant(name, want string) {
	if raw, ok := f.take(name, true); ok && string(raw) != strconv.Quote(want) {
		f.refuse(invalidParams(f.within + name + ": must be " + want))
	}
}

// integer reads an integer literal that is required: no text, no fraction, no exponent.
func (f *fields) integer(name string, low, high int64) int64 {
	raw, ok := f.take(name, true)
	if !ok {
		return 0
	}
	n, err := strconv.ParseInt(string(raw), 10, 64)
	if err != nil || n < low || n > high {
		f.refuse(invalidParams(fmt.Sprintf("%s%s: must be an integer from %d to %d", f.within, name, low, high)))
	}
	return n
}

func (f *fields) flag(name string) bool {
	raw, ok := f.take(name, false)
	if ok && string(raw) != "true" && string(raw) != "false" {
		f.refuse(invalidParams(f.within + name + ": must be true or false"))
	}
	return string(raw) == "true"
}

func (f *fields) unknown() {
	if len(f.object) > 0 {
		name := slices.Min(slices.Collect(maps.Keys(f.object)))
		f.refuse(invalidParams(fmt.Sprintf("%s%.64q: is unknown, obsolete or not in the contract", f.within, name)))
	}
}

// items reads what was ordered, which may be left out. The sum is not looked at.
func (f *fields) items(name string) json.RawMessage {
	raw, ok := f.take(name, false)
	if !ok {
		return nil
	}
	var each []json.RawMessage
	if json.Unmarshal(raw, &each) != nil || len(each) > 1000 {
		f.refuse(invalidParams(name + ": must be a list"))
	}
	for _, item := range each {
		object, err := parseObject(item)
		if err != nil {
			f.refuse(invalidParams(name + ": must be a list of objects"))
			continue
		}
		one := fields{object: object, within: name + "."}
		one.someText("name")
		one.text("category")
		one.text("productId")
		one.integer("quantity", 1, maxAmount)
		one.money("unitPrice")
		f.refuse(one.done())
	}
	return slices.Clone(raw)
}

// product reads a productType, which may be left out, and needs a contract.
func (f *fields) product(contract []string) *string {
	p := f.text("productType")
	switch {
	case p == nil:
	case !knownProduct(*p):
		f.refuse(invalidParams("productType: is unknown"))
	case !slices.Contains(contract, *p):
		f.refuse(refuse(http.StatusUnauthorized, "OP_OUT_OF_SCOPE", "08100023", "productType: is not in the contract"))
	}
	return p
}

// parseObject splits one JSON object into its members. encoding/json alone
// would let the last of two equal names win, and take names of any case.
func parseObject(raw []byte) (map[string]json.RawMessage, error) {
	if !utf8.Valid(raw) {
		return nil, errors.New("it is not UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, errors.New("it does not begin with {")
	}
	object := map[string]json.RawMessage{}
	for d.More() {
		t, err := d.Token()
		name, ok := t.(string)
		if err != nil || !ok {
			return nil, errors.New("a name is malformed")
		}
		if _, twice := object[name]; twice {
			return nil, fmt.Errorf("%.64q stands twice", name)
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, fmt.Errorf("the value of %.64q is malformed", name)
		}
		object[name] = value
	}
	if _, err := d.Token(); err != nil {
		return nil, errors.New("it does not end")
	}
	if d.InputOffset() != int64(len(bytes.TrimRight(raw, " \t\r\n"))) {
		return nil, errors.New("something follows it")
	}
	return object, nil
}

// plainID reports whether an id may be ours or the simulator's.
func plainID(id string) bool { return plain(id, 64) }

func plain(id string, longest int) bool {
	if id == "" || len(id) > longest {
		return false
	}
	for _, c := range []byte(id) {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return true
}
