// Package words is everything that pages say, by key, in each language. A file is an area: "sign_in.title" stands in
// en/sign_in.json under "title". Files whose names begin with "codes" hold what codes of the domain mean, under their whole keys: "status.review". Areas that the public reads are whole in Spanish; staff pages may be in English first.
package words
