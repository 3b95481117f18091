// Package static is what pages load beside their text: styles, fonts, pictures and scripts, all from our own address. web/theme
// builds it; the result is committed, so that building Doorstep needs no other tool than Go.
package static
