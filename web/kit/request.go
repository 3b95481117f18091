package kit

import (
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"doorstep/auth"
	"doorstep/internal/fault"
)

const actorKey = "kit.actor"

// SetActor notes who was authenticated.
func SetActor(c echo.Context, a auth.Actor) { c.Set(actorKey, a) }

// Actor is who makes this request; the zero Actor, which may do nothing, when nobody was authenticated.
func Actor(c echo.Context) auth.Actor {
	a, _ := c.Get(actorKey).(auth.Actor)
	return a
}

// ID is the id in the path, of a thing called what. Anything that is not an id as we write it is answered like one that
// does not exist: the two look the same to who asks.
func ID(c echo.Context, what string) (uuid.UUID, error) {
	text := c.Param("id")
	id, err := uuid.Parse(text)
	if err != nil || len(text) != 36 { // uuid.Parse also takes braces, "urn:uuid:" and no dashes
		return uuid.Nil, fault.New(fault.NotFound, "There is no such %s.", what)
	}
	return id, nil
}

// Query returns the URL's parameters, of which only those in known may stand there, each once: a parameter that is
// overlooked or read twice in two ways is how a filter is got around.
func Query(c echo.Context, known ...string) (map[string]string, error) {
	out := map[string]string{}
	for _, name := range known {
		out[name] = ""
	}
	for name, values := range c.QueryParams() {
		if _, ok := out[name]; !ok || len(values) != 1 {
			f := fault.New(fault.Malformed, "This address takes each of these parameters at most once: %v.", known)
			return nil, f
		}
		out[name] = values[0]
	}
	return out, nil
}
