// Package config turns what the shop wrote down into one value.
//
// Load gathers every setting from four places, the later ones winning: the
// built-in defaults, config.toml, the environment, and the command line. An
// empty text is the same as no text at all, so an empty variable or key hides
// nothing. example.toml lists every key with its default.
//
// The package promises that
//   - a Config is complete and checked, or there is none: all that is wrong is
//     told at once, each problem with its key, its value and where it stands;
//   - production is reached only when env names it, and practice never holds
//     the shop's credentials;
//   - two environments, or two services, never share a journal file;
//   - no secret is printed, neither from a Config nor in a problem.
//
// Start with Load, then Config.
package config
