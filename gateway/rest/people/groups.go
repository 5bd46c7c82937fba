package people

import (
	"context"

	"alveary"
	"alveary/gateway/rest/operation"
	"alveary/service/people"
)

func (d *door) groups(ctx context.Context, _ *struct{}) (*operation.List[people.Group], error) {
	return operation.Items(d.people.Groups(ctx, operation.Asker(ctx)))
}

type addGroupIn struct{ Body people.NewGroup }

func (d *door) addGroup(ctx context.Context, in *addGroupIn) (*operation.One[people.Group], error) {
	return operation.Body(d.people.AddGroup(ctx, operation.Asker(ctx), in.Body))
}

type changeGroupIn struct {
	operation.IDIn
	Body people.GroupPatch
}

func (d *door) changeGroup(ctx context.Context, in *changeGroupIn) (*operation.One[people.Group], error) {
	return operation.Body(d.people.ChangeGroup(ctx, operation.Asker(ctx), in.ID, in.Body))
}

func (d *door) leavingGroup(ctx context.Context, in *operation.IDIn) (*operation.One[people.LeavingGroup], error) {
	return operation.Body(d.people.LeavingGroup(ctx, operation.Asker(ctx), in.ID))
}

type deleteGroupIn struct {
	operation.IDIn
	To string `query:"to" doc:"Id of the group to which its people move; the one above if missing"`
}

func (d *door) deleteGroup(ctx context.Context, in *deleteGroupIn) (*struct{}, error) {
	return nil, d.people.DeleteGroup(ctx, operation.Asker(ctx), in.ID, in.To)
}

func (d *door) roles(ctx context.Context, _ *struct{}) (*operation.List[people.Role], error) {
	return operation.Items(d.people.Roles(ctx, operation.Asker(ctx)))
}

type addRoleIn struct{ Body people.NewRole }

func (d *door) addRole(ctx context.Context, in *addRoleIn) (*operation.One[people.Role], error) {
	return operation.Body(d.people.AddRole(ctx, operation.Asker(ctx), in.Body))
}

func (d *door) role(ctx context.Context, in *operation.IDIn) (*operation.One[people.Role], error) {
	return operation.Body(d.people.Role(ctx, operation.Asker(ctx), alveary.RoleID(in.ID)))
}

type changeRoleIn struct {
	operation.IDIn
	Body people.RolePatch
}

func (d *door) changeRole(ctx context.Context, in *changeRoleIn) (*operation.One[people.Role], error) {
	return operation.Body(d.people.ChangeRole(ctx, operation.Asker(ctx), alveary.RoleID(in.ID), in.Body))
}

func (d *door) deleteRole(ctx context.Context, in *operation.IDIn) (*struct{}, error) {
	return nil, d.people.DeleteRole(ctx, operation.Asker(ctx), alveary.RoleID(in.ID))
}

func (d *door) teams(ctx context.Context, _ *struct{}) (*operation.List[people.Team], error) {
	return operation.Items(d.people.Teams(ctx, operation.Asker(ctx)))
}

type addTeamIn struct{ Body people.NewTeam }

func (d *door) addTeam(ctx context.Context, in *addTeamIn) (*operation.One[people.Team], error) {
	return operation.Body(d.people.AddTeam(ctx, operation.Asker(ctx), in.Body))
}

func (d *door) team(ctx context.Context, in *operation.IDIn) (*operation.One[people.Team], error) {
	return operation.Body(d.people.Team(ctx, operation.Asker(ctx), alveary.RoleID(in.ID)))
}

type renameTeamIn struct {
	operation.IDIn
	Body struct {
		Label string `json:"label" maxLength:"1000"`
	}
}

func (d *door) renameTeam(ctx context.Context, in *renameTeamIn) (*operation.One[people.Team], error) {
	return operation.Body(d.people.RenameTeam(ctx, operation.Asker(ctx), alveary.RoleID(in.ID), in.Body.Label))
}

func (d *door) deleteTeam(ctx context.Context, in *operation.IDIn) (*struct{}, error) {
	return nil, d.people.DeleteTeam(ctx, operation.Asker(ctx), alveary.RoleID(in.ID))
}

// MemberIn names someone in a team; exported like operation.IDIn.
type MemberIn struct {
	operation.IDIn
	User string `path:"user" doc:"Id of the user"`
}

type setMemberIn struct {
	MemberIn
	Body struct {
		Manager bool `json:"manager,omitempty" doc:"May change the team"`
	}
}

func (d *door) setMember(ctx context.Context, in *setMemberIn) (*struct{}, error) {
	return nil, d.people.SetMember(ctx, operation.Asker(ctx), alveary.RoleID(in.ID), in.User, in.Body.Manager)
}

func (d *door) removeMember(ctx context.Context, in *MemberIn) (*struct{}, error) {
	return nil, d.people.RemoveMember(ctx, operation.Asker(ctx), alveary.RoleID(in.ID), in.User)
}
