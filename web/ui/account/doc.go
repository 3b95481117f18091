// Package account is the pages by which people come in and keep their own account: sign-in, second step, choice of role, password.
package account
