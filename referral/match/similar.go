package match

// closeEnough is the similarity by Jaro and Winkler (1990) above which two names are taken for one name mistyped; linkage software
// commonly takes 0.9 to 0.94. Below it stand Maria and Marta (0.91), above it Catherine and Catharine (0.96).
const closeEnough = 0.92

// jaroWinkler is between 0 (nothing in common) and 1 (equal); agreement at the start counts more.
func jaroWinkler(a, b string) float64 {
	if a == b {
		return 1
	}
	x, y := []rune(a), []rune(b)
	if len(x) == 0 || len(y) == 0 {
		return 0
	}
	matched, transposed := common(x, y)
	if matched == 0 {
		return 0
	}
	m := float64(matched)
	jaro := (m/float64(len(x)) + m/float64(len(y)) + (m-float64(transposed))/m) / 3
	prefix := 0
	for prefix < min(4, len(x), len(y)) && x[prefix] == y[prefix] {
		prefix++
	}
	return jaro + 0.1*float64(prefix)*(1-jaro)
}

// common counts the letters that both have near one place, and how many pairs of them stand in another order.
func common(x, y []rune) (matched, transposed int) {
	window := max(0, max(len(x), len(y))/2-1)
	taken := make([]bool, len(y))
	var left []rune
	for i, r := range x {
		for j := max(0, i-window); j <= min(len(y)-1, i+window); j++ {
			if !taken[j] && y[j] == r {
				taken[j] = true
				left = append(left, r)
				break
			}
		}
	}
	out, k := 0, 0
	for j, r := range y {
		if taken[j] {
			if r != left[k] {
				out++
			}
			k++
		}
	}
	return len(left), out / 2
}

// oneSlip reports whether two texts of one length differ in one place, or in two neighbours that changed places.
func oneSlip(a, b string) bool {
	if len(a) != len(b) || a == b {
		return false
	}
	var at []int
	for i := range a {
		if a[i] != b[i] {
			at = append(at, i)
		}
	}
	return len(at) == 1 || len(at) == 2 && at[1] == at[0]+1 && a[at[0]] == b[at[1]] && a[at[1]] == b[at[0]]
}
