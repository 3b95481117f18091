//go:build !linux && !windows

package embedded

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// dieWithParent does nothing here: only Linux can tie a child to its parent. The child pid file is the substitute.
func dieWithParent(*syscall.SysProcAttr, syscall.Signal) {}

// processes asks ps, which every BSD and macOS has.
func processes() ([]process, error) {
	out, err := exec.Command("ps", "-axo", "pid=,ppid=,state=,comm=").Output()
	if err != nil {
		return nil, fmt.Errorf("list processes with ps: %w", err)
	}
	var all []process
	for line := range strings.Lines(string(out)) {
		f := strings.Fields(line)
		if len(f) < 4 {
			continue
		}
		pid, err1 := strconv.Atoi(f[0])
		parent, err2 := strconv.Atoi(f[1])
		if err1 == nil && err2 == nil {
			all = append(all, process{pid: pid, parent: parent, state: f[2][0], name: filepath.Base(f[3])})
		}
	}
	return all, nil
}

// lookUp is one process, false when it is gone.
func lookUp(pid int) (process, bool) {
	all, err := processes()
	if err != nil {
		return process{}, false
	}
	for _, p := range all {
		if p.pid == pid {
			return p, !p.gone()
		}
	}
	return process{}, false
}

// workingDir cannot be read without extra tools here; callers then go by the name of the process.
func workingDir(int) string { return "" }
