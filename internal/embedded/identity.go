package embedded

import (
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
)

// identity is the user a server runs as. nil means: as ourselves.
type identity struct {
	name     string
	uid, gid int
}

// unprivileged picks the user for a server when we are root: PostgreSQL refuses to run as root, and a Redis that does
// could be told to write anywhere. The first of names that exists is taken, else nobody.
func unprivileged(names ...string) (*identity, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range append(names, "nobody") {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.Atoi(u.Uid)
		gid, err2 := strconv.Atoi(u.Gid)
		if err1 == nil && err2 == nil && uid != 0 {
			return &identity{name: name, uid: uid, gid: gid}, nil
		}
	}
	return nil, fmt.Errorf("find an unprivileged user to run a server as: none of %v and nobody exists; create one or start as a normal user", names)
}

// uidOf is the user id that the server's files belong to.
func (id *identity) uidOf() int {
	if id == nil {
		return os.Geteuid()
	}
	return id.uid
}

// privateDir makes path, or takes it when it is a real folder of the server's user (or root), and closes it to all others.
// It follows no symbolic link: below /tmp somebody else could have put one there first.
func privateDir(path string, id *identity) error {
	err := os.Mkdir(path, 0o700)
	if err != nil && !os.IsExist(err) {
		return fmt.Errorf("make folder %s: %w", path, err)
	}
	fi, err := os.Lstat(path)
	if err != nil {
		return fmt.Errorf("look at folder %s: %w", path, err)
	}
	if uid, _ := ownerOf(fi); !fi.IsDir() || (uid != id.uidOf() && uid != os.Geteuid()) {
		return fmt.Errorf("use folder %s: it is not a folder of this user (owner %d)", path, uid)
	}
	if id != nil {
		if err := os.Chown(path, id.uid, id.gid); err != nil {
			return fmt.Errorf("give folder %s to %s: %w", path, id.name, err)
		}
	}
	if fi.Mode().Perm() != 0o700 {
		if err := os.Chmod(path, 0o700); err != nil {
			return fmt.Errorf("close folder %s to others: %w", path, err)
		}
	}
	return nil
}

// reachable says which folder on the way to path keeps id out, in words that name the remedy. Without it the server fails
// with a bare "permission denied" on a path that root can read.
func (id *identity) reachable(path string) error {
	if id == nil {
		return nil
	}
	for dir := path; ; dir = filepath.Dir(dir) {
		fi, err := os.Stat(dir)
		if err != nil {
			return fmt.Errorf("look at folder %s: %w", dir, err)
		}
		need := os.FileMode(0o001)
		switch uid, gid := ownerOf(fi); {
		case uid == id.uid:
			need = 0o100
		case gid == id.gid:
			need = 0o010
		}
		if fi.IsDir() && fi.Mode().Perm()&need == 0 {
			return fmt.Errorf("user %s, who runs the server when you are root, cannot enter %s (%s): choose a folder it can reach, such as /var/lib/doorstep", id.name, dir, fi.Mode().Perm())
		}
		if dir == filepath.Dir(dir) {
			return nil
		}
	}
}
