package city

import "math/rand/v2"

// seed is the city's own. Another one is another city.
const seed = 20260302

// roll is the chance of one occasion in the life of one referral: the same whenever and wherever it is asked.
func roll(number int, occasion string, nth int) *rand.Rand {
	h := uint64(14695981039346656037) // FNV-1a
	for i := range len(occasion) {
		h = (h ^ uint64(occasion[i])) * 1099511628211
	}
	r := rand.New(rand.NewPCG(seed<<20^uint64(number), h^uint64(nth)<<48))
	r.Uint64() // neighbouring seeds begin alike
	return r
}

// chance is true in p of 1.
func chance(number int, occasion string, nth int, p float64) bool {
	return roll(number, occasion, nth).Float64() < p
}

// between is a whole number from a to b, both included.
func between(number int, occasion string, nth, a, b int) int {
	return a + roll(number, occasion, nth).IntN(b-a+1)
}

// weighed is one value of a list with its share of all.
type weighed[T any] struct {
	value T
	share float64
}

func pick[T any](r *rand.Rand, from []weighed[T]) T {
	sum := 0.0
	for _, w := range from {
		sum += w.share
	}
	at := r.Float64() * sum
	for _, w := range from {
		if at -= w.share; at < 0 {
			return w.value
		}
	}
	return from[len(from)-1].value
}
