package config

import (
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// baseURL brings a base URL into its one form, scheme://host[:port] in small
// letters without the scheme's own port, or says what is wrong with it. One
// form matters because the journal's folder is named after it.
func baseURL(text string) (base, sentence string) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Hostname() == "" || u.Opaque != "" || u.Scheme != "https" && u.Scheme != "http":
		return "", `must be a URL such as "https://paypay.example.jp".`
	case u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.Trim(u.Path, "/") != "":
		return "", "must name a host and nothing after it."
	}
	name := strings.ToLower(u.Hostname())
	if !plausibleHost(name) {
		return "", "must name a host in plain letters, or an address."
	}
	if u.Scheme == "http" && !loopback(name) {
		return "", "must be https: plain http is for this machine only."
	}
	port := u.Port()
	if port != "" {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 {
			return "", "must have a port from 1 to 65535."
		}
		port = strconv.FormatUint(n, 10)
	}
	if port == map[string]string{"http": "80", "https": "443"}[u.Scheme] {
		port = ""
	}
	switch {
	case port != "":
		name = net.JoinHostPort(name, port)
	case strings.Contains(name, ":"):
		name = "[" + name + "]"
	}
	return u.Scheme + "://" + name, ""
}

// plausibleHost is a host name in ASCII without a closing dot, or an address
// without a zone.
func plausibleHost(name string) bool {
	if addr, err := netip.ParseAddr(name); err == nil {
		return addr.Zone() == ""
	}
	return only(name, letters+digits+".-") && strings.Trim(name, ".-") == name && !strings.Contains(name, "..")
}

func loopback(name string) bool {
	if name == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(name)
	return err == nil && addr.IsLoopback()
}

// checkHost says why an environment must not work with a base URL. It keeps
// real money out of the other environments' journals, and the answers of a
// simulator out of production's.
func checkHost(env Env, base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return "must be a URL."
	}
	name := u.Hostname()
	switch {
	case env == Training:
		return "must be left out in training, which has its own simulator."
	case env == Production && loopback(name):
		return "must not be this machine in production: use sandbox for a simulator."
	case (name == "paypay.ne.jp" || strings.HasSuffix(name, ".paypay.ne.jp")) && !slices.Contains(ownHosts(env), u.Host):
		return "is not a host of " + string(env) + ": PayPay's own hosts follow from env, so leave base_url out."
	}
	return ""
}
