// Package upload is the pages by which a hospital or clinic sends many referrals from a file.
package upload
