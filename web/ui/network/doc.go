// Package network is the pages of who keeps the network: organizations with their sites and programs, people, calendars.
package network
