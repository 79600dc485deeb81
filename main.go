// Reji is a PayPay register for the terminal: the cashier builds an order with
// the keyboard, the customer scans the code on the screen, and the till follows
// the payment and writes everything down.
//
// Without a command it opens the till; see reji --help for the others.
package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	stdlog "log"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"reflect"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/mattn/go-runewidth"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"example.jp/reji/config"
	"example.jp/reji/paypay"
	"example.jp/reji/paypay/simulator"
	"example.jp/reji/pos"
	"example.jp/reji/store"
	"example.jp/reji/ui"
	_ "example.jp/reji/ui/background" // keeps Bubble Tea from asking the terminal for its colours
	"example.jp/reji/ui/escpos"
)

// Exit codes.
const (
	exitFailed = 1
	exitUsage  = 2
)

// given is what the command line says. One command runs, so flags of the same
// meaning share a place.
type given struct {
	settings  config.Flags
	plain     bool
	file      string // of the journal
	otherTill bool   // its backup is put back too
	yes       bool   // also in the place of a journal that has more in it
	json, all bool
	listen    string
	simulator simulator.Config
}

// offline is load for what does not call PayPay, and needs no credentials.
func (g *given) offline() (config.Config, error) {
	g.settings.Offline = true
	return g.load()
}

// load gathers the configuration and takes the secrets out of the environment,
// so that no program started from here inherits them.
func (g *given) load() (config.Config, error) {
	cfg, err := config.Load(g.settings, os.Getenv, config.ReadFile)
	for _, name := range config.SecretEnv() {
		_ = os.Unsetenv(name) // cannot fail for a name without '='
	}
	return cfg, err
}

// language is what to speak where there is no configuration.
func (g *given) language() config.Lang {
	return config.Language(g.settings, os.Getenv, config.ReadFile)
}

func main() {
	// Everything is private: journal, log, exports.
	syscall.Umask(0o077)
	// Lines and blocks are one cell wide in a Japanese locale too.
	runewidth.DefaultCondition.EastAsianWidth = false
	cobra.EnableCommandSorting = false // what a shop needs first stands first
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

func run(args []string, stdout, stderr io.Writer) int {
	ends := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // as by nohup
		ends = append(ends, syscall.SIGHUP)
	}
	ctx, stop := signal.NotifyContext(context.Background(), ends...)
	defer stop()
	var g given
	root := g.commands()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	lang := g.language()
	code := exitUsage
	var text string
	if m, ok := errors.AsType[misuse](err); ok {
		text = m.text(lang)
	} else if problems, ok := errors.AsType[config.Problems](err); ok {
		text = problems.Text(lang)
	} else if bad, ok := errors.AsType[ui.BadKeys](err); ok {
		text = bad.Text(string(lang))
	} else {
		text = ui.Explain(string(lang), err)
		if _, ok := errors.AsType[usageError](err); !ok {
			code = exitFailed
		}
	}
	_, _ = fmt.Fprintln(stderr, text)
	return code
}

// usageError is a mistake in what the program was given.
type usageError struct{ error }

func (u usageError) Unwrap() error { return u.error }

// The command line.

// commands are the program's commands with their flags. The flags that override
// the configuration stand before a command or after it; secrets are not among
// them, since every user of a machine can see the arguments of a program.
func (g *given) commands() *cobra.Command {
	root := command("reji", "A PayPay register for the terminal; without credentials, for training.", g.till)
	root.SilenceErrors, root.SilenceUsage = true, true
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return misuseOf(err) })
	root.SetHelpFunc(help)
	f := root.PersistentFlags()
	f.SortFlags = false
	f.StringVar(&g.settings.File, "config", "", "Configuration `FILE` instead of the default one.")
	f.StringVar(&g.settings.Env, "env", "", "`NAME` of the PayPay: training, sandbox, staging or production.")
	f.StringVar(&g.settings.BaseURL, "base-url", "", "`URL` of another host that speaks PayPay's API.")
	f.StringVar(&g.settings.Lang, "lang", "", "Speak `LANG`: ja or en.")
	f.StringVar(&g.settings.DataDir, "data-dir", "", "`DIR` with the journals.")
	f.StringVar(&g.settings.Catalog, "catalog", "", "CSV `FILE` with the goods.")
	f.BoolP("help", "h", false, "Show this.")

	till := command("till", "Open the till (this is what happens without a command).", g.till)
	for _, c := range []*cobra.Command{root, till} {
		c.Flags().BoolVar(&g.plain, "plain", false, "Lines of text instead of screens, for a screen reader: one command a line.")
	}
	sim := command("simulator", "Serve a PayPay that moves no money, for tests and practice.", g.serve)
	sim.Flags().StringVar(&g.listen, "listen", "127.0.0.1:8080", "Serve on `HOST:PORT`.")
	simulatorFlags(sim.Flags(), &g.simulator)

	verify := command("verify", "Check that no entry of the journal was changed, moved or lost.", g.verify)
	backup := command("backup FILE", "Write a verified copy of the journal to a new file.", g.backup)
	restore := command("restore FILE", "Put a copy in the journal's place; the old one is kept.", g.restore)
	day := command("day [DAY]", "What a business day such as 2026-11-23 comes to; today's by default.", g.day)
	lint := command("lint [NUMBER]", "Say of each legal item whether a receipt has it; the newest one by default.", g.lint)
	for _, c := range []*cobra.Command{verify, backup, restore, day, lint} {
		c.Flags().StringVar(&g.file, "file", "", "Journal `FILE` instead of the configured one.")
	}
	for _, c := range []*cobra.Command{verify, day} {
		c.Flags().BoolVar(&g.json, "json", false, "Print the result as JSON.")
	}
	lint.Flags().BoolVar(&g.all, "all", false, "Every receipt of the journal.")

	restore.Flags().BoolVar(&g.otherTill, "other-till", false, "Also another till's backup.")
	restore.Flags().BoolVar(&g.yes, "yes", false, "Also in the place of a journal that has more in it, without asking.")
	root.AddCommand(till, sim,
		group("journal", "Work with the journal.", verify, backup, restore),
		group("report", "Add the journal up.", day),
		group("receipt", "Work with receipts.", lint),
		command("version", "Print the version.", g.version))
	return root
}

// command is a command without flags. Its arguments are those that its use
// names; it can do without those in brackets.
func command(use, short string, run func(context.Context, io.Writer, []string) error) *cobra.Command {
	names := strings.Fields(use)[1:]
	c := &cobra.Command{
		Use: use, Short: short,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > len(names) {
				return unexpected(args[len(names)])
			}
			if missing := names[len(args):]; len(missing) > 0 && missing[0][0] != '[' {
				return misuse{missing[0] + " を指定してください", "expected " + missing[0]}
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error { return run(c.Context(), c.OutOrStdout(), args) },
	}
	c.Flags().SortFlags = false
	return c
}

// group is a word before commands, and does nothing without one.
func group(use, short string, commands ...*cobra.Command) *cobra.Command {
	var names []string
	for _, c := range commands {
		names = append(names, c.Name())
	}
	g := &cobra.Command{Use: use, Short: short, Args: cobra.ArbitraryArgs, RunE: func(_ *cobra.Command, args []string) error {
		if len(args) > 0 {
			return unexpected(args[0])
		}
		one := strings.Join(names, ", ")
		return misuse{use + " のあとに必要です: " + one, "expected after " + use + ": " + one}
	}}
	g.AddCommand(commands...)
	return g
}

// simulatorFlags makes a flag of each setting that names one in its tag.
func simulatorFlags(f *pflag.FlagSet, c *simulator.Config) {
	c.Exact = true // the defaults stand in the flags
	for field, value := range reflect.ValueOf(c).Elem().Fields() {
		name, help := field.Tag.Get("flag"), field.Tag.Get("help")
		if name == "" {
			continue
		}
		switch p := value.Addr().Interface().(type) {
		case *string:
			f.StringVar(p, name, "", help)
		case *bool:
			f.BoolVar(p, name, false, help)
		case *int:
			f.IntVar(p, name, 0, help)
		case *int64:
			f.Int64Var(p, name, 0, help)
		case *uint64:
			f.Uint64Var(p, name, 0, help)
		case *float64:
			f.Float64Var(p, name, 0, help)
		case *time.Duration:
			f.DurationVar(p, name, 0, help)
		case *[]string:
			f.StringSliceVar(p, name, nil, help)
		case encoding.TextUnmarshaler:
			f.Var(choice{p}, name, help)
		default:
			panic(fmt.Sprintf("--%s cannot be a %s", name, field.Type))
		}
		if d := field.Tag.Get("default"); d != "" {
			flag := f.Lookup(name)
			flag.DefValue = d
			if err := flag.Value.Set(d); err != nil {
				panic(err) // in the program itself
			}
		}
	}
}

// choice is a flag with a few words to choose from.
type choice struct{ encoding.TextUnmarshaler }

func (c choice) Set(text string) error { return c.UnmarshalText([]byte(text)) }
func (c choice) Type() string          { return "choice" }

func (c choice) String() string {
	m, ok := c.TextUnmarshaler.(encoding.TextMarshaler)
	if !ok {
		return ""
	}
	text, _ := m.MarshalText() // "" where there is no text for it
	return string(text)
}

// help shows what a command does, the commands under it, and the flags.
func help(c *cobra.Command, _ []string) {
	var b strings.Builder
	b.WriteString("Usage: " + c.CommandPath() + strings.TrimPrefix(c.Use, c.Name()))
	switch {
	case !c.HasParent():
		b.WriteString(" [COMMAND]")
	case c.HasSubCommands():
		b.WriteString(" COMMAND")
	}
	b.WriteString(" [FLAGS]\n\n" + c.Short + "\n")
	if c.HasSubCommands() {
		b.WriteString("\nCommands:\n")
		listCommands(&b, c)
	}
	if own := c.LocalNonPersistentFlags(); own.HasFlags() {
		own.SortFlags = false
		b.WriteString("\nFlags:\n")
		listFlags(&b, own)
	}
	b.WriteString("\nFlags of every command:\n")
	listFlags(&b, c.Root().PersistentFlags())
	_, _ = io.WriteString(c.OutOrStdout(), b.String())
}

// listCommands lists what can be run, each with the words before it.
func listCommands(b *strings.Builder, under *cobra.Command) {
	for _, c := range under.Commands() {
		switch {
		case c.HasSubCommands():
			listCommands(b, c)
		case c.Name() != "help":
			_, words, _ := strings.Cut(c.CommandPath(), " ")
			listOne(b, words+strings.TrimPrefix(c.Use, c.Name()), c.Short)
		}
	}
}

func listFlags(b *strings.Builder, f *pflag.FlagSet) {
	f.VisitAll(func(f *pflag.Flag) {
		value, text := pflag.UnquoteUsage(f)
		name := strings.TrimSuffix("--"+f.Name+" "+strings.ToUpper(value), " ")
		if f.Shorthand != "" {
			name = "-" + f.Shorthand + ", " + name
		}
		switch f.DefValue {
		case "", "0", "0s", "false", "[]": // nothing that needs to be said
		default:
			text += " (default " + f.DefValue + ")"
		}
		listOne(b, name, text)
	})
}

// listOne is a line of a list, in two columns; what follows a long name stands
// below it.
func listOne(b *strings.Builder, name, text string) {
	const column, end = 25, 80
	line := fmt.Sprintf("  %-*s", column-3, name)
	if len(line) >= column {
		b.WriteString(line + "\n")
		line = strings.Repeat(" ", column-1)
	}
	for word := range strings.FieldsSeq(text) {
		if len(line)+1+len(word) > end {
			b.WriteString(line + "\n")
			line = strings.Repeat(" ", column-1)
		}
		line += " " + word
	}
	b.WriteString(line + "\n")
}

// misuse is a command line that cannot be understood, in both languages.
type misuse struct{ ja, en string }

func (m misuse) Error() string { return m.en }

func (m misuse) text(l config.Lang) string {
	if l == config.Japanese {
		return "reji: " + m.ja + "。\nコマンドとフラグの一覧は reji --help で見られます。"
	}
	return "reji: " + m.en + "\nreji --help lists commands and flags."
}

func unexpected(argument string) error {
	argument = pos.Clean(argument, 100)
	return misuse{argument + " というコマンドや引数はありません", "unexpected argument " + argument}
}

// misuseOf says which flag cannot be read, and why.
func misuseOf(err error) error {
	if e, ok := errors.AsType[*pflag.NotExistError](err); ok {
		name := "--" + e.GetSpecifiedName()
		if short := e.GetSpecifiedShortnames(); short != "" {
			name = "-" + short
		}
		name = pos.Clean(name, 100)
		return misuse{name + " というフラグはありません", "unknown flag " + name}
	}
	if e, ok := errors.AsType[*pflag.ValueRequiredError](err); ok {
		name := "--" + e.GetSpecifiedName()
		return misuse{name + " には値が必要です", name + " needs a value"}
	}
	if e, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		name, value, why := "--"+e.GetFlag().Name, pos.Clean(e.GetValue(), 100), pos.Clean(e.Unwrap().Error(), 300)
		return misuse{
			fmt.Sprintf("%s に %q は使えません (%s)", name, value, why),
			fmt.Sprintf("%s cannot be %q (%s)", name, value, why),
		}
	}
	why := pos.Clean(err.Error(), 300)
	return misuse{why, why}
}

// The till.

// till opens the till and returns when the cashier ends it.
func (g *given) till(ctx context.Context, to io.Writer, _ []string) (err error) {
	cfg, err := g.load()
	if err != nil {
		return err
	}
	catalog, err := readCatalog(cfg.Catalog)
	if err != nil {
		return err
	}
	keys, err := readKeys(cfg.Keys)
	if err != nil {
		return err
	}
	// net/http writes there what a server sends that nobody asked for, word for
	// word: a code's URL, on the screen of the till.
	stdlog.SetOutput(io.Discard)
	log, closeLog, err := openLog(cfg.LogFile)
	if err != nil {
		return err
	}
	defer closeLog()
	client, customer, err := connect(ctx, cfg, log)
	if err != nil {
		return err
	}
	journal, err := store.Open(ctx, cfg.Journal())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, journal.Close()) }()
	warnOfNumber(log, cfg.Shop.Invoice)
	printer, err := printerOf(cfg)
	if err != nil {
		return usageError{err}
	}
	till := pos.Options{
		Register: cfg.Shop.Register, Shop: cfg.Shop.Name, StoreID: cfg.Shop.StoreID,
		Calendar: pos.Calendar{Zone: cfg.Zone, Starts: cfg.DayStarts},
		Taxes:    taxes(cfg.Tax), Poll: cfg.Poll, Log: log, Version: version(),
	}
	if printer.Port != nil {
		till.Printer = printer
	}
	register, err := pos.Open(ctx, client, journal, till)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, register.Close()) }()
	options := ui.Options{
		Register: register, Catalog: catalog, Lang: string(cfg.Lang),
		Shop:     shopOf(cfg),
		Customer: customer, Theme: ui.Theme(cfg.Theme), Keys: keys, Sound: cfg.Sound, Mouse: cfg.Mouse, Terminal: os.Stdout, Quick: ui.OpenQuickKeys(filepath.Join(cfg.DataDir, "quick.toml")), FullQR: cfg.QR == config.FullBlocks, Now: time.Now,
		Entry: ui.Entry{
			Prefix: cfg.Scan.Prefix, InStore: pos.InStore(cfg.Scan.InStore),
			Ceiling: pos.Yen(cfg.Order.Ceiling), ReasonAbove: pos.Yen(cfg.Order.ReasonAbove),
		},
		Printer:  printer,
		Renderer: lipgloss.NewRenderer(os.Stdout),
	}
	if g.plain {
		return ui.Plain(ctx, options, os.Stdin, to)
	}
	model, err := ui.New(options)
	if err != nil {
		return err
	}
	// 120 frames a second: at the default of 60 a key waits up to 17 ms.
	// The context ends on signals already; two who handle them wait for each other.
	drawn := append(keyboard(os.Stdin), tea.WithContext(ctx), tea.WithAltScreen(), tea.WithFPS(120), tea.WithoutSignalHandler())
	_, err = tea.NewProgram(model, drawn...).Run()
	if err == nil {
		return nil
	}
	left := ui.Leave(ctx, model)
	if ctx.Err() != nil {
		return left // asked to stop from outside
	}
	return errors.Join(err, left)
}

// keyboard has a terminal read as the till wants it. From anything else nobody
// types: Bubble Tea then looks for the terminal itself.
func keyboard(f *os.File) []tea.ProgramOption {
	is, err := f.Stat()
	if err != nil || is.Mode()&os.ModeCharDevice == 0 {
		return nil
	}
	if none, err := os.Stat(os.DevNull); err == nil && os.SameFile(is, none) {
		return nil
	}
	return []tea.ProgramOption{tea.WithInput(ui.NewInput(f))}
}

// taxes are the rates of every day, as the shop rounds them.
func taxes(t config.Tax) pos.Taxes {
	all := pos.Taxes{Excluded: t.Excluded, Rounding: pos.Rounding(t.Rounding)}
	for _, c := range t.Changes {
		all.Changes = append(all.Changes, pos.TaxChange{From: pos.Day(c.From), Standard: c.Standard, Reduced: c.Reduced})
	}
	return all
}

func readCatalog(path string) (pos.Catalog, error) {
	if path == "" {
		return pos.BuiltinCatalog()
	}
	f, err := os.Open(path)
	if err != nil {
		return pos.Catalog{}, usageError{fmt.Errorf("catalogue: %w", err)}
	}
	defer func() { _ = f.Close() }() // it was only read
	c, err := pos.ReadCatalog(f, path)
	if err != nil {
		return pos.Catalog{}, usageError{err}
	}
	return c, nil
}

func readKeys(path string) (ui.Keys, error) {
	if path == "" {
		return ui.Keys{}, nil
	}
	file, err := config.ReadFile(path)
	if err != nil {
		return ui.Keys{}, usageError{fmt.Errorf("keys: %w", err)}
	}
	return ui.ReadKeys(path, string(file.Data))
}

// openLog opens the log file, to which the till only ever adds.
func openLog(path string) (*slog.Logger, func(), error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, nil, fmt.Errorf("log: %w", err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, nil, fmt.Errorf("log: %w", err)
	}
	return slog.New(slog.NewTextHandler(f, nil)), func() { _ = f.Close() }, nil
}

// shopOf is what screens and papers say about the shop.
func shopOf(cfg config.Config) ui.Shop {
	return ui.Shop{
		Name: cfg.Shop.Name, Address: cfg.Shop.Address, Phone: cfg.Shop.Phone, Invoice: cfg.Shop.Invoice,
		Register: cfg.Shop.Register, Mode: ui.Mode(cfg.Env), Zone: cfg.Zone,
	}
}

// printerOf is the shop's paper, and the printer if it has one.
func printerOf(cfg config.Config) (ui.Printer, error) {
	p := ui.Printer{Lang: string(cfg.Lang), Shop: shopOf(cfg), Columns: escpos.Columns58, Drawer: cfg.Printer.Drawer, Asked: cfg.Printer.Asked, Blank: cfg.Printer.Blank}
	if cfg.Printer.Paper == 80 {
		p.Columns = escpos.Columns80
	}
	if cfg.Printer.Address == "" {
		return p, nil
	}
	var err error
	p.Port, err = escpos.Open(cfg.Printer.Address)
	return p, err
}

// warnOfNumber tells of a registration number that was perhaps mistyped. It
// blocks nothing: a shopkeeper's own number need not have a check digit.
func warnOfNumber(log *slog.Logger, number string) {
	if err := pos.CheckInvoiceNumber(number); number != "" && err != nil {
		log.Warn("registration number", "err", err)
	}
}

// connect gives the client for the configured PayPay. In training that is a
// simulator inside this program, and somebody who plays the customer.
func connect(ctx context.Context, cfg config.Config, log *slog.Logger) (*paypay.Client, ui.Customer, error) {
	key, secret, merchant, base := cfg.APIKey, cfg.APISecret.Reveal(), cfg.MerchantID, cfg.BaseURL
	var customer ui.Customer
	if cfg.Env == config.Training {
		key, secret, merchant = "training", "training", "training"
		sim, address, err := serveTraining(ctx, simulator.Config{
			APIKey: key, APISecret: secret, MerchantID: merchant, Capture: simulator.CaptureAllowed, AuthorizationLimit: time.Hour,
			TooCloseToExpiry: time.Minute, // in the hour of a practice hold it can be raised
		})
		if err != nil {
			return nil, nil, err
		}
		base, customer = "http://"+address, playCustomer(sim)
	}
	if base == "" {
		base = map[config.Env]string{
			config.Sandbox: paypay.Sandbox, config.Staging: paypay.Staging, config.Production: paypay.Production,
		}[cfg.Env]
	}
	credentials, err := paypay.NewCredentials(key, secret, merchant)
	if err != nil {
		return nil, nil, err
	}
	client, err := paypay.New(credentials, paypay.WithBaseURL(base), paypay.WithLogger(log), paypay.WithTries(1)) // the till has a pace of its own
	return client, customer, err
}

// serveTraining serves a simulator on this machine only, as long as the till
// is open.
func serveTraining(ctx context.Context, c simulator.Config) (*simulator.Simulator, string, error) {
	sim, err := simulator.New(c)
	if err != nil {
		return nil, "", err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, "", fmt.Errorf("training: %w", err)
	}
	go func() { _ = server(sim).Serve(listener) }() // ends with the program
	return sim, listener.Addr().String(), nil
}

func playCustomer(sim *simulator.Simulator) ui.Customer {
	return func(_ context.Context, id, action string) error {
		switch action {
		case "pay":
			return sim.Pay(id)
		case "decline":
			return sim.Decline(id)
		case "fail":
			return sim.FailPayment(id)
		case "consent":
			return sim.Consent(id)
		case "refuse":
			return sim.Refuse(id)
		}
		return fmt.Errorf("a customer cannot %q", action)
	}
}

func server(h http.Handler) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute}
}

// The simulator.

// serve serves the simulator until it is stopped.
func (g *given) serve(ctx context.Context, to io.Writer, _ []string) error {
	sim, err := simulator.New(g.simulator)
	if err != nil {
		return usageError{err}
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", g.listen)
	if err != nil {
		return fmt.Errorf("simulator: %w", err)
	}
	if _, err := fmt.Fprintf(to, "listening on http://%s\n", listener.Addr()); err != nil {
		return err
	}
	if address := phoneAddress(listener.Addr()); address != "" {
		if _, err := fmt.Fprintf(to, "for phones in this network http://%s\n", address); err != nil {
			return err
		}
	}
	go func() { _ = sim.Deliver(ctx, nil) }() // ends with the command; a control call may say where to
	s := server(sim)
	stop := context.AfterFunc(ctx, func() { _ = s.Close() })
	defer stop()
	if err := s.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// phoneAddress is where others in the network reach a server that listens on every
// address, as far as this machine knows; "" where it does not, or listens on one.
func phoneAddress(listening net.Addr) string {
	tcp, ok := listening.(*net.TCPAddr)
	if !ok || !tcp.IP.IsUnspecified() {
		return ""
	}
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return ""
	}
	for _, a := range addresses {
		if own, ok := a.(*net.IPNet); ok && own.IP.To4() != nil && own.IP.IsGlobalUnicast() {
			return net.JoinHostPort(own.IP.String(), strconv.Itoa(tcp.Port))
		}
	}
	return ""
}

// The journal, its reports and its receipts.

// journal is the file that a command works on.
func (g *given) journal() (string, error) {
	if g.file != "" {
		return g.file, nil
	}
	cfg, err := g.offline()
	if err != nil {
		return "", err
	}
	return cfg.Journal(), nil
}

// backup copies the journal, also while the till is running.
func (g *given) backup(ctx context.Context, _ io.Writer, args []string) (err error) {
	path, err := g.journal()
	if err != nil {
		return err
	}
	db, err := store.Inspect(ctx, path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return db.Backup(ctx, args[0])
}

// restore puts a backup in the journal's place.
func (g *given) restore(ctx context.Context, to io.Writer, args []string) error {
	path := g.file
	if path == "" {
		cfg, err := g.offline()
		if err != nil {
			return err
		}
		path = cfg.Journal()
		if err := ofTill(ctx, args[0], cfg.Shop); err != nil && !g.otherTill {
			return err
		}
	}
	if journal, backup, lacks := store.Ahead(ctx, args[0], path); lacks > 0 && !g.yes {
		if err := g.agreed(to, os.Stdin, journal, backup, lacks); err != nil {
			return err
		}
	}
	report, err := store.Restore(ctx, args[0], path, g.otherTill)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(to, "%s\njournal %s, entries: %d\n", path, report.JournalID, report.Entries)
	if lost := report.Restored; err == nil && lost != nil {
		_, err = fmt.Fprintf(to, "%s\nThe till looks up again what the backup knows, and gives no number twice.\n"+
			"It asks for a comparison with PayPay for Business, which alone knows the rest.\n", missing(lost.Last, lost.At, lost.Missing))
	}
	return err
}

// agreed asks at a terminal whether a journal may give way to a backup that lacks
// some of it, and refuses it elsewhere.
func (g *given) agreed(to io.Writer, from *os.File, journal, backup store.Extent, lacks int64) error {
	text := "The journal has entries that the backup lacks: %d.\n  journal  %s, entries: %d\n  backup   %s, entries: %d\n" +
		"They are set aside in a file, and the till no longer sees them.\n"
	question, notSure := "Type yes to restore the backup: ", misuse{"新しいジャーナルの代わりにするには --yes を付けてください", "say --yes to restore it in the place of a journal with more in it"}
	if g.language() == config.Japanese {
		text = "今のジャーナルには、バックアップにない記録が %d 件あります。\n  今のもの      %s、%d 件\n  バックアップ  %s、%d 件\n" +
			"それらは別のファイルに残りますが、レジからは見えなくなります。\n"
		question = "バックアップに戻すなら yes と入力してください: "
	}
	_, err := fmt.Fprintf(to, text, lacks, moment(journal.Last), journal.Entries, moment(backup.Last), backup.Entries)
	if err != nil {
		return err
	}
	if info, err := from.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return notSure
	}
	if _, err := io.WriteString(to, question); err != nil {
		return err
	}
	answer, _ := bufio.NewReader(from).ReadString('\n') // what was typed before an end counts
	if strings.TrimSpace(answer) != "yes" {
		return notSure
	}
	return nil
}

// ofTill refuses a backup in which another till has sold.
func ofTill(ctx context.Context, backup string, shop config.Shop) (err error) {
	db, err := store.Inspect(ctx, backup)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	till, storeID, err := pos.Seller(ctx, db)
	if err != nil {
		return nil // what is wrong with it, the restoring finds
	}
	if till == "" || till == shop.Register && (storeID == shop.StoreID || storeID == "" || shop.StoreID == "") {
		return nil
	}
	return &store.Refusal{Reason: store.OtherTill, Path: backup, Detail: fmt.Sprintf("it is of %s, and this is %s", tillName(till, storeID), tillName(shop.Register, shop.StoreID))}
}

func tillName(register, storeID string) string {
	if storeID == "" {
		return "till " + register
	}
	return "till " + register + " of store " + storeID
}

// moment is a time as people read it, to the second.
func moment(at time.Time) string {
	if at.IsZero() {
		return "-"
	}
	return at.Local().Format("2006-01-02 15:04:05 MST")
}

// missing says of which time a journal has lost its entries.
func missing(from, to time.Time, least int64) string {
	text := fmt.Sprintf("Entries from %s to %s are missing", moment(from), moment(to))
	if least > 0 {
		text += fmt.Sprintf(", %d at least", least)
	}
	return text + "."
}

// verify verifies the journal: its chain first, then that what screens show is
// what the entries make.
func (g *given) verify(ctx context.Context, to io.Writer, _ []string) (err error) {
	path, err := g.journal()
	if err != nil {
		return err
	}
	db, err := store.Inspect(ctx, path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	report, err := db.Verify(ctx)
	if err != nil {
		return err
	}
	sales := 0
	if report.Problem == "" {
		if sales, err = pos.Verify(ctx, db); err != nil {
			report.Problem = err.Error()
		}
	}
	gaps, err := db.Gaps(ctx)
	if err != nil && report.Problem == "" {
		return err
	}
	lost := db.Restored()
	if lost != nil && !slices.ContainsFunc(gaps, func(g store.Gap) bool { return g.To.Equal(lost.At) }) {
		gaps = append(gaps, store.Gap{From: lost.Last, To: lost.At, Missing: lost.Missing}) // no till has noted it down yet
	}
	if g.json {
		err = json.NewEncoder(to).Encode(map[string]any{
			"file": path, "journal": report.JournalID, "entries": report.Entries, "sales": sales,
			"head": fmt.Sprintf("%x", report.Head), "firstBad": report.FirstBad, "problem": report.Problem,
			"gaps": len(gaps),
		})
	} else {
		_, err = fmt.Fprintf(to, "%s\njournal %s, entries: %d, sales: %d\nhead %x\n", path, report.JournalID, report.Entries, sales, report.Head)
		for _, g := range gaps {
			_, said := fmt.Fprintln(to, missing(g.From, g.To, g.Missing))
			err = errors.Join(err, said)
		}
	}
	if report.Problem != "" {
		return errors.Join(err, fmt.Errorf("the journal is NOT as it was written: %s", report.Problem))
	}
	return err
}

// day adds a business day up, also while the till is running.
func (g *given) day(ctx context.Context, to io.Writer, args []string) (err error) {
	cfg, err := g.offline()
	if err != nil {
		return err
	}
	path := cmp.Or(g.file, cfg.Journal())
	calendar := pos.Calendar{Zone: cfg.Zone, Starts: cfg.DayStarts}
	day := calendar.Day(time.Now())
	if len(args) > 0 {
		day = pos.Day(args[0])
		if _, err := time.Parse(time.DateOnly, args[0]); err != nil {
			return usageError{fmt.Errorf("%q is not a day like 2026-11-23", args[0])}
		}
	}
	db, err := store.Inspect(ctx, path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	r, err := pos.DayReport(ctx, db, calendar, day)
	if err != nil {
		return err
	}
	if g.json {
		return json.NewEncoder(to).Encode(r)
	}
	_, err = fmt.Fprintf(to, "%s\npayments %6d %15s\nrefunds  %6d %15s\ncancels  %6d %15s\nnet             %15s\n",
		r.Day, r.Payments, r.Paid, r.Refunds, -r.Refunded, r.Cancels, -r.Cancelled, r.Net)
	if err == nil && r.Incomplete {
		_, err = fmt.Fprintln(to, "The journal was restored and has lost entries of this day, which are not in these figures.")
	}
	return err
}

// lint lists each legal item of a sale's papers, pass or fail.
func (g *given) lint(ctx context.Context, to io.Writer, args []string) (err error) {
	cfg, err := g.offline()
	if err != nil {
		return err
	}
	p, err := printerOf(cfg)
	if err != nil {
		return err
	}
	q := store.Query{Limit: 1}
	if len(args) > 0 {
		n, err := strconv.ParseInt(pos.FoldDigits(args[0]), 10, 64)
		if err != nil || n < 1 || g.all {
			return usageError{fmt.Errorf("%q is no receipt number", args[0])}
		}
		q.Before = n + 1
	}
	if g.all {
		q.Limit = 0
	}
	path := cmp.Or(g.file, cfg.Journal())
	db, err := store.Inspect(ctx, path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := pos.CheckInvoiceNumber(cfg.Shop.Invoice); cfg.Shop.Invoice != "" && err != nil {
		if _, err := fmt.Fprintf(to, "warning: %v\n", err); err != nil {
			return err
		}
	}
	papers, failed := 0, 0
	for {
		sales, err := db.Sales(ctx, q)
		if err != nil {
			return err
		}
		for _, row := range sales {
			if len(args) > 0 && row.Number != q.Before-1 {
				break
			}
			n, bad, err := lintSale(ctx, to, db, p, row)
			if err != nil {
				return err
			}
			papers, failed = papers+n, failed+bad
			q.Before = row.Number
		}
		if !g.all || len(sales) == 0 {
			break
		}
	}
	switch {
	case failed > 0:
		return fmt.Errorf("%d of %d papers fail", failed, papers)
	case papers == 0:
		return usageError{errors.New("there is no such receipt")}
	}
	return nil
}

// lintSale prints what is found on the papers of one sale, and on each further
// copy and 領収書 that was asked for: how many there are, and how many fail.
func lintSale(ctx context.Context, to io.Writer, db *store.DB, p ui.Printer, row store.Sale) (papers, failed int, err error) {
	entries, err := db.Entries(ctx, row.ID)
	if err != nil {
		return 0, 0, err
	}
	sale, err := pos.Replay(entries)
	if err != nil {
		return 0, 0, err
	}
	events, err := pos.Events(entries)
	if err != nil {
		return 0, 0, err
	}
	all := sale.Papers()
	for _, paper := range pos.PapersAsked(events) {
		if !slices.Contains(all, paper) {
			all = append(all, paper)
		}
	}
	for _, paper := range all {
		text, err := p.Preview(sale, paper)
		if err != nil {
			return 0, 0, err
		}
		papers++
		bad := false
		for _, l := range p.Lint(text, sale, paper) {
			says := "pass"
			if l.Why != "" {
				bad, says = true, "FAIL  "+l.Why
			}
			if _, err := fmt.Fprintf(to, "%06d  %-9s %2d  %-20s %s\n", sale.Number, paper.Kind, paper.Copy, l.Item, says); err != nil {
				return 0, 0, err
			}
		}
		if bad {
			failed++
		}
	}
	return papers, failed, nil
}

// The version.

func (g *given) version(_ context.Context, to io.Writer, _ []string) error {
	_, err := fmt.Fprintln(to, "reji", version())
	return err
}

func version() string {
	if b, ok := debug.ReadBuildInfo(); ok && b.Main.Version != "" {
		return b.Main.Version
	}
	return "(unknown)"
}
