package importer

import (
	"context"
	"time"

	"doorstep/auth"
	"doorstep/referral"
)

// Check checks an upload for some time, or to its end when within is 0. What is left the worker checks.
func Check(ctx context.Context, cases *referral.Service, actor auth.Actor, v referral.ImportView, within time.Duration) (referral.ImportView, error) {
	begun := time.Now()
	for left := v.Status == referral.ImportChecking; left && (within == 0 || time.Since(begun) < within); {
		var err error
		if left, err = cases.CheckImport(ctx, actor, v.ID); err != nil {
			return v, err
		}
	}
	now, err := cases.Import(ctx, actor, v.ID)
	now.Earlier = v.Earlier
	return now, err
}
