package referral

import (
	"slices"
	"time"
)

// ways are those of all records of one person, ended ones too; none where her record is linked with no other.
type ways struct {
	contacts  []ContactMethod
	addresses []Address
}

// hearOthers lets what any record of hers says of a number or a home hold in each of her cases, whether or not their cases became one: the
// stricter word until she speaks. A way that ended by one record, as another person's or since she moved, is not hers by another that
// nobody has checked since. It adds no way: those of a case of another pregnancy stay there.
func (f *family) hearOthers(all ways) {
	for _, o := range all.contacts {
		at := slices.IndexFunc(f.contacts, func(have ContactMethod) bool { return have.Value == o.Value })
		switch {
		case at < 0 || f.contacts[at].ID == o.ID:
		case o.EndedAt == nil:
			f.contacts[at].hear(o)
		case f.contacts[at].outlived(o.Kept) && !slices.ContainsFunc(all.contacts, func(next ContactMethod) bool {
			return next.EndedAt == nil && next.ClientID == o.ClientID && next.Value == o.Value // it went on as another row
		}):
			f.contacts = slices.Delete(f.contacts, at, at+1)
		}
	}
	for _, o := range all.addresses {
		at := slices.IndexFunc(f.addresses, func(have Address) bool { return sameHome(have, o) })
		switch {
		case at < 0 || f.addresses[at].ID == o.ID:
		case o.EndedAt == nil:
			f.addresses[at].hear(o)
		case f.addresses[at].outlived(o.Kept) && !slices.ContainsFunc(all.addresses, func(next Address) bool {
			return next.EndedAt == nil && next.ClientID == o.ClientID && sameHome(next, o)
		}):
			f.addresses = slices.Delete(f.addresses, at, at+1)
		}
	}
}

// ownWord is a number as its own record has it. What is written goes on from there: another record's word is heard when the case is read, and
// is gone with the link.
func (f *family) ownWord(m ContactMethod) ContactMethod {
	if own, is := find(f.elsewhere.contacts, func(o ContactMethod) bool { return o.ID == m.ID }); is {
		return own
	}
	return m
}

func (f *family) ownWordOfHome(a Address) Address {
	if own, is := find(f.elsewhere.addresses, func(o Address) bool { return o.ID == a.ID }); is {
		return own
	}
	return a
}

// outlived: another row about this way ended, and nobody has known since that it is right.
func (k Kept) outlived(o Kept) bool {
	return !o.EndedAt.Before(k.known())
}

// known is when somebody last knew that a way was right.
func (k Kept) known() time.Time {
	if k.VerifiedAt != nil && k.VerifiedAt.After(k.GivenAt) {
		return *k.VerifiedAt
	}
	return k.GivenAt
}
