// Package refer is how a hospital or clinic sends a family: the form, its draft, the check of answers and the confirmation. The form knows
// nothing of who fills it in, so that the hub may take a referral by telephone with the same one.
package refer
