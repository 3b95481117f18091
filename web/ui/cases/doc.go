// Package cases is the list of cases and the page of one, as hub and agencies see them: what is due, what happened, how to reach her.
package cases
