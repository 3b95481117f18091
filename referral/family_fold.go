package referral

import "slices"

// fold adds what stands on a case to it, for as long as it stands there: her needs and forms, ways to reach her, and each no. A yes is not
// carried over: it was written on another record, and holds for this one only once she says it again.
func (f *family) fold(o family) {
	for name, answer := range o.answers {
		if f.answers[name] != yes { // of two sources the one that asks for more help counts
			f.answers[name] = answer
			f.toldIn(o.told[name], name, answer)
		}
	}
	f.screenings = append(f.screenings, o.screenings...)
	for _, c := range o.consents {
		if c.Answer != yes {
			f.consents = append(f.consents, c)
		}
	}
	slices.SortStableFunc(f.consents, func(a, b Consent) int { return a.GivenAt.Compare(b.GivenAt) })
	f.referrals = append(f.referrals, o.referrals...)
	slices.SortStableFunc(f.referrals, func(a, b Referral) int { return a.ReceivedAt.Compare(b.ReceivedAt) })
	f.foldReach(o)
	if f.pregnancy == nil {
		f.pregnancy = o.pregnancy
	}
	f.client.DoNotContact = f.client.DoNotContact || o.client.DoNotContact
}

// foldReach: where both speak of one number, the stricter counts.
func (f *family) foldReach(o family) {
	for _, c := range o.contacts {
		at := slices.IndexFunc(f.contacts, func(have ContactMethod) bool { return have.Value == c.Value })
		if at < 0 {
			f.contacts = append(f.contacts, c)
			continue
		}
		have := &f.contacts[at]
		have.SafeCall, have.SafeText = stricter(c.SafeCall, have.SafeCall), stricter(c.SafeText, have.SafeText)
		have.SafeVoicemail, have.SafeEmail = stricter(c.SafeVoicemail, have.SafeVoicemail), stricter(c.SafeEmail, have.SafeEmail)
	}
	f.addresses = append(f.addresses, o.addresses...)
}
