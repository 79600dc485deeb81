// Reji is a PayPay register for the terminal: the cashier builds an order with
// the keyboard, the customer scans the code on the screen, and the till follows
// the payment and writes everything down.
//
// Without a command it opens the till; see reji --help for the others.
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"syscall"
	"time"

	_ "time/tzdata" // a kiosk's system may have no time zones

	"github.com/alecthomas/kong"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/mattn/go-runewidth"

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

type commands struct {
	Settings settings `embed:""`

	Till      tillCommand      `cmd:"" default:"withargs" help:"Open the till (this is what happens without a command)."`
	Simulator simulatorCommand `cmd:"" help:"Serve a PayPay that moves no money, for tests and practice."`
	Journal   struct {
		Verify  verifyCommand  `cmd:"" help:"Check that no entry of the journal was changed, moved or lost."`
		Backup  backupCommand  `cmd:"" help:"Write a verified copy of the journal to a new file."`
		Restore restoreCommand `cmd:"" help:"Put a verified copy of a backup in the journal's place. The old one is kept."`
	} `cmd:"" help:"Work with the journal."`
	Report struct {
		Day dayCommand `cmd:"" help:"What a business day comes to, today's by default."`
	} `cmd:"" help:"Add the journal up."`
	Receipt struct {
		Lint lintCommand `cmd:"" help:"Say of each legal item whether a receipt has it."`
	} `cmd:"" help:"Work with receipts."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

// settings are the flags that override the configuration. Secrets are not
// among them: every user of a machine can see the arguments of a program.
type settings struct {
	Config  string `help:"Configuration file instead of the default one." placeholder:"FILE"`
	Env     string `help:"training, sandbox, staging or production." placeholder:"NAME"`
	BaseURL string `name:"base-url" help:"Another host that speaks PayPay's API." placeholder:"URL"`
	Lang    string `help:"ja or en." placeholder:"LANG"`
	DataDir string `name:"data-dir" help:"Folder of the journals." placeholder:"DIR"`
	Catalog string `help:"CSV file with the goods." placeholder:"FILE"`
}

// load gathers the configuration and takes the secrets out of the environment,
// so that no program started from here inherits them.
func (s settings) load() (config.Config, error) {
	cfg, err := config.Load(config.Flags{
		File: s.Config, Env: s.Env, BaseURL: s.BaseURL, Lang: s.Lang, DataDir: s.DataDir, Catalog: s.Catalog,
	}, os.Getenv, config.ReadFile)
	for _, name := range config.SecretEnv() {
		_ = os.Unsetenv(name) // cannot fail for a name without '='
	}
	return cfg, err
}

func main() {
	// Everything is private: journal, log, exports.
	syscall.Umask(0o077)
	// Lines and blocks are one cell wide in a Japanese locale too.
	runewidth.DefaultCondition.EastAsianWidth = false
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

func run(args []string, stdout, stderr io.Writer) int {
	var c commands
	parser, err := kong.New(&c, kong.Name("reji"), kong.Writers(stdout, stderr),
		kong.Description("A PayPay register for the terminal. Without credentials it opens in training mode."))
	if err != nil {
		_, _ = fmt.Fprintln(stderr, err)
		return exitFailed
	}
	command, err := parser.Parse(args)
	if err != nil {
		_, _ = fmt.Fprintf(stderr, "reji: %v\nreji --help lists commands and flags.\n", err)
		return exitUsage
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	command.BindTo(ctx, (*context.Context)(nil))
	command.BindTo(stdout, (*io.Writer)(nil))
	if err := command.Run(c.Settings); err != nil {
		if problems, ok := errors.AsType[config.Problems](err); ok {
			_, _ = fmt.Fprintln(stderr, problems.Text(config.Language(c.Settings.Lang, os.Getenv)))
			return exitUsage
		}
		if bad, ok := errors.AsType[ui.BadKeys](err); ok {
			_, _ = fmt.Fprintln(stderr, bad.Text(string(config.Language(c.Settings.Lang, os.Getenv))))
			return exitUsage
		}
		_, _ = fmt.Fprintln(stderr, ui.Explain(string(config.Language(c.Settings.Lang, os.Getenv)), err))
		if _, ok := errors.AsType[usageError](err); ok {
			return exitUsage
		}
		return exitFailed
	}
	return 0
}

// usageError is a mistake in what the program was given.
type usageError struct{ error }

func (u usageError) Unwrap() error { return u.error }

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run(stdout io.Writer) error {
	_, err := fmt.Fprintln(stdout, "reji", version())
	return err
}

func version() string {
	if b, ok := debug.ReadBuildInfo(); ok && b.Main.Version != "" {
		return b.Main.Version
	}
	return "(unknown)"
}

type tillCommand struct {
	Plain bool `help:"Lines of text instead of screens, for a screen reader: one command a line."`
}

// Run opens the till and returns when the cashier ends it.
func (c tillCommand) Run(ctx context.Context, s settings) (err error) {
	cfg, err := s.load()
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
		Customer: customer, Theme: ui.Theme(cfg.Theme), Keys: keys, Sound: cfg.Sound, Terminal: os.Stdout, FullQR: cfg.QR == config.FullBlocks, Now: time.Now,
		Entry: ui.Entry{
			Prefix: cfg.Scan.Prefix, InStore: pos.InStore(cfg.Scan.InStore),
			Ceiling: pos.Yen(cfg.Order.Ceiling), ReasonAbove: pos.Yen(cfg.Order.ReasonAbove),
		},
		Renderer: lipgloss.NewRenderer(os.Stdout),
	}
	if c.Plain {
		return ui.Plain(ctx, options, os.Stdin, os.Stdout)
	}
	model, err := ui.New(options)
	if err != nil {
		return err
	}
	// 120 frames a second: at the default of 60 a key waits up to 17 ms.
	// The context ends on signals already; two who handle them wait for each other.
	_, err = tea.NewProgram(model, tea.WithContext(ctx), tea.WithAltScreen(), tea.WithFPS(120), tea.WithoutSignalHandler()).Run()
	if errors.Is(err, tea.ErrProgramKilled) && ctx.Err() != nil {
		return nil // asked to stop from outside
	}
	return err
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

type simulatorCommand struct {
	Listen string           `default:"127.0.0.1:8080" help:"Address to serve on." placeholder:"HOST:PORT"`
	Config simulator.Config `embed:""`
}

// Run serves the simulator until it is stopped.
func (c simulatorCommand) Run(ctx context.Context, stdout io.Writer) error {
	c.Config.Exact = true // the defaults stand in the flags
	sim, err := simulator.New(c.Config)
	if err != nil {
		return usageError{err}
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("simulator: %w", err)
	}
	if _, err := fmt.Fprintf(stdout, "listening on http://%s\n", listener.Addr()); err != nil {
		return err
	}
	if address := phoneAddress(listener.Addr()); address != "" {
		if _, err := fmt.Fprintf(stdout, "for phones in this network http://%s\n", address); err != nil {
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

// journalFile is the journal that a command works on.
type journalFile struct {
	File string `help:"Journal file instead of the configured one." placeholder:"FILE"`
}

func (j journalFile) path(s settings) (string, error) {
	if j.File != "" {
		return j.File, nil
	}
	cfg, err := s.load()
	if err != nil {
		return "", err
	}
	return cfg.Journal(), nil
}

type backupCommand struct {
	journalFile
	To string `arg:"" help:"File to write; it must not exist yet."`
}

// Run copies the journal, also while the till is running.
func (c backupCommand) Run(ctx context.Context, s settings) (err error) {
	path, err := c.path(s)
	if err != nil {
		return err
	}
	db, err := store.Inspect(ctx, path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return db.Backup(ctx, c.To)
}

type restoreCommand struct {
	journalFile
	From string `arg:"" help:"Backup to restore."`
}

// Run restores a backup.
func (c restoreCommand) Run(ctx context.Context, s settings, stdout io.Writer) error {
	path, err := c.path(s)
	if err != nil {
		return err
	}
	report, err := store.Restore(ctx, c.From, path)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, "%s\njournal %s, %d entries\n", path, report.JournalID, report.Entries)
	return err
}

type verifyCommand struct {
	journalFile
	JSON bool `help:"Print the result as JSON."`
}

// Run verifies the journal: its chain first, then that what screens show is
// what the entries make.
func (c verifyCommand) Run(ctx context.Context, s settings, stdout io.Writer) (err error) {
	path, err := c.path(s)
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
	if c.JSON {
		err = json.NewEncoder(stdout).Encode(map[string]any{
			"file": path, "journal": report.JournalID, "entries": report.Entries, "sales": sales,
			"head": fmt.Sprintf("%x", report.Head), "firstBad": report.FirstBad, "problem": report.Problem,
		})
	} else {
		_, err = fmt.Fprintf(stdout, "%s\njournal %s, %d entries, %d sales\nhead %x\n", path, report.JournalID, report.Entries, sales, report.Head)
	}
	if report.Problem != "" {
		return errors.Join(err, fmt.Errorf("the journal is NOT as it was written: %s", report.Problem))
	}
	return err
}

type dayCommand struct {
	journalFile
	Day  string `arg:"" optional:"" help:"Business day, such as 2026-11-23."`
	JSON bool   `help:"Print the result as JSON."`
}

// Run adds a business day up, also while the till is running.
func (c dayCommand) Run(ctx context.Context, s settings, stdout io.Writer) (err error) {
	cfg, err := s.load()
	if err != nil {
		return err
	}
	path := cmp.Or(c.File, cfg.Journal())
	day := pos.Day(c.Day)
	if day == "" {
		day = (pos.Calendar{Zone: cfg.Zone, Starts: cfg.DayStarts}).Day(time.Now())
	} else if _, err := time.Parse(time.DateOnly, c.Day); err != nil {
		return usageError{fmt.Errorf("%q is not a day like 2026-11-23", c.Day)}
	}
	db, err := store.Inspect(ctx, path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	r, err := pos.DayReport(ctx, db, day)
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(stdout).Encode(r)
	}
	_, err = fmt.Fprintf(stdout, "%s\npayments %6d %15s\nrefunds  %6d %15s\ncancels  %6d %15s\nnet             %15s\n",
		r.Day, r.Payments, r.Paid, r.Refunds, -r.Refunded, r.Cancels, -r.Cancelled, r.Net)
	return err
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
	p := ui.Printer{Lang: string(cfg.Lang), Shop: shopOf(cfg), Columns: escpos.Columns58, Drawer: cfg.Printer.Drawer}
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

type lintCommand struct {
	journalFile
	Number string `arg:"" optional:"" help:"Receipt number; the newest receipt by default."`
	All    bool   `help:"Every receipt of the journal."`
}

// Run lists each legal item of a sale's papers, pass or fail.
func (c lintCommand) Run(ctx context.Context, s settings, stdout io.Writer) (err error) {
	cfg, err := s.load()
	if err != nil {
		return err
	}
	p, err := printerOf(cfg)
	if err != nil {
		return err
	}
	q := store.Query{Limit: 1}
	if c.Number != "" {
		n, err := strconv.ParseInt(pos.FoldDigits(c.Number), 10, 64)
		if err != nil || n < 1 || c.All {
			return usageError{fmt.Errorf("%q is no receipt number", c.Number)}
		}
		q.Before = n + 1
	}
	if c.All {
		q.Limit = 0
	}
	path := cfg.Journal()
	if c.File != "" {
		path = c.File
	}
	db, err := store.Inspect(ctx, path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := pos.CheckInvoiceNumber(cfg.Shop.Invoice); cfg.Shop.Invoice != "" && err != nil {
		if _, err := fmt.Fprintf(stdout, "warning: %v\n", err); err != nil {
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
			if c.Number != "" && row.Number != q.Before-1 {
				break
			}
			n, bad, err := lintSale(ctx, stdout, db, p, row)
			if err != nil {
				return err
			}
			papers, failed = papers+n, failed+bad
			q.Before = row.Number
		}
		if !c.All || len(sales) == 0 {
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

// lintSale prints what is found on the papers of one sale: how many there are,
// and how many fail.
func lintSale(ctx context.Context, to io.Writer, db *store.DB, p ui.Printer, row store.Sale) (papers, failed int, err error) {
	entries, err := db.Entries(ctx, row.ID)
	if err != nil {
		return 0, 0, err
	}
	sale, err := pos.Replay(entries)
	if err != nil {
		return 0, 0, err
	}
	for _, paper := range sale.Papers() {
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
			if _, err := fmt.Fprintf(to, "%06d  %-8s %-20s %s\n", sale.Number, paper.Kind, l.Item, says); err != nil {
				return 0, 0, err
			}
		}
		if bad {
			failed++
		}
	}
	return papers, failed, nil
}
