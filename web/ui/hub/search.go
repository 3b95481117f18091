package hub

import (
	"doorstep/auth"
	"doorstep/referral"
	"doorstep/web/ui"
)

// Search is the form. What is typed leaves by POST, and no address ever holds it.
func (p Pages) Search(r *ui.Request) (ui.Body, error) {
	if err := r.Actor.Require(auth.CaseFind); err != nil {
		return ui.Body{}, err
	}
	if _, err := r.Query(); err != nil {
		return ui.Body{}, err
	}
	return ui.Body{Title: r.T("hub.search"), Nav: "/search", Content: searchPage()}, nil
}

type searchForm struct {
	Name      string `form:"name"`
	Phone     string `form:"phone"`
	Reference string `form:"reference"`
	Born      string `form:"date_of_birth"`
}

// Find keeps what is looked for and leads to its answer.
func (p Pages) Find(r *ui.Request, f searchForm) (ui.Next, error) {
	if err := r.Actor.Require(auth.CaseFind); err != nil {
		return ui.Next{}, err
	}
	day, err := dateIn(r, "/date_of_birth", f.Born)
	if err != nil {
		return ui.Next{}, err
	}
	form := referral.FindForm{Name: f.Name, Phone: f.Phone, Reference: f.Reference}
	if day != nil {
		form.DateOfBirth = day.String()
	}
	found, err := p.Referrals.Find(r.Context(), r.Actor, form)
	return ui.Next{To: "/search/" + found.ID.String()}, err
}

// Found is the answer, for an hour, for who asked.
func (p Pages) Found(r *ui.Request) (ui.Body, error) {
	id, err := r.ID("search")
	if err != nil {
		return ui.Body{}, err
	}
	if _, err := r.Query(); err != nil {
		return ui.Body{}, err
	}
	v, err := p.Referrals.Found(r.Context(), r.Actor, id)
	return ui.Body{Title: r.T("hub.search"), Nav: "/search", Content: foundPage(v)}, err
}

// Board is the places of every program.
func (p Pages) Board(r *ui.Request) (ui.Body, error) {
	if _, err := r.Query(); err != nil {
		return ui.Body{}, err
	}
	page, err := p.Referrals.Board(r.Context(), r.Actor)
	return ui.Body{Title: r.T("hub.board"), Nav: "/board", Content: boardPage(page.Items)}, err
}

// Tasks is what a person must do beside the cases of the queue.
func (p Pages) Tasks(r *ui.Request) (ui.Body, error) {
	q, err := r.Query("after")
	if err != nil {
		return ui.Body{}, err
	}
	page, err := p.Referrals.Tasks(r.Context(), r.Actor, q["after"])
	return ui.Body{Title: r.T("hub.tasks"), Nav: "/queue", Content: tasksPage(page, q["after"])}, err
}

type taskForm struct {
	As string `form:"as"`
}

// EndTask says how one ended.
func (p Pages) EndTask(r *ui.Request, f taskForm) (ui.Next, error) {
	id, err := r.ID("task")
	if err != nil {
		return ui.Next{}, err
	}
	if _, err := p.Referrals.CloseTask(r.Context(), r.Actor, id, referral.TaskEnd{As: f.As}); err != nil {
		return ui.Next{}, err
	}
	return ui.Next{To: "/queue/tasks", Flash: ui.Flash{Key: "hub.task_ended"}}, nil
}
