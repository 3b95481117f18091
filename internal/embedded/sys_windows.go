package embedded

import (
	"errors"
	"os"
	"syscall"
)

// Windows has none of these signals; the zero value is never sent because supported refuses first.
const (
	sigStop = syscall.Signal(0)
	sigCont = syscall.Signal(0)
	sigInt  = syscall.SIGINT
	sigQuit = syscall.SIGQUIT
	sigTerm = syscall.SIGTERM
	sigKill = syscall.SIGKILL
)

var errWindows = errors.New("private servers need Linux or macOS: on Windows use WSL, or give the URL of a running server")

func supported() error                                   { return errWindows }
func kill(int, syscall.Signal) error                     { return errWindows }
func tryLock(*os.File) (bool, error)                     { return false, errWindows }
func ownerOf(os.FileInfo) (uid, gid int)                 { return -1, -1 }
func processAttributes(*identity) *syscall.SysProcAttr   { return &syscall.SysProcAttr{} }
func dieWithParent(*syscall.SysProcAttr, syscall.Signal) {}
func processes() ([]process, error)                      { return nil, errWindows }
func lookUp(int) (process, bool)                         { return process{}, false }
func workingDir(int) string                              { return "" }
