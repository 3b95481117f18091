package pg

import (
	"errors"
	"fmt"

	"doorstep/migrations"
)

// InPart2 runs fn in the role doorstep_part2, which sees the records of treatment programs and no other table, and comes back
// to the role before. Call it only as the hub, after the actor's permission was asked; what fn queued is sent before it comes
// back. why is for the reader of the code; a test holds the list of callers.
func (tx *Tx) InPart2(why string, fn func() error) error {
	if why == "" {
		return errors.New("say why this opens the compartment")
	}
	if tx.role != migrations.HubRole {
		return errors.New("the compartment opens from the hub's role alone")
	}
	if err := tx.Flush(); err != nil { // in the role that queued it
		return err
	}
	if err := tx.gorm.Exec(`SET LOCAL ROLE ` + migrations.Part2Role).Error; err != nil {
		return fmt.Errorf("open the compartment (%s): %w", why, err)
	}
	if err := fn(); err != nil {
		return err // the transaction is over
	}
	if err := tx.Flush(); err != nil {
		return err
	}
	if err := tx.gorm.Exec(`SET LOCAL ROLE ` + tx.role).Error; err != nil {
		return fmt.Errorf("leave the compartment: %w", err)
	}
	return nil
}
