package rest

import (
	"context"

	"alveary"
	"alveary/service/people"
)

func (a *API) roles(ctx context.Context, _ *struct{}) (*itemsOut[people.Role], error) {
	return items(a.people.Roles(ctx, asker(ctx)))
}

type addRoleIn struct{ Body people.NewRole }

func (a *API) addRole(ctx context.Context, in *addRoleIn) (*bodyOut[people.Role], error) {
	return body(a.people.AddRole(ctx, asker(ctx), in.Body))
}

type changeRoleIn struct {
	IDIn
	Body people.RolePatch
}

func (a *API) changeRole(ctx context.Context, in *changeRoleIn) (*bodyOut[people.Role], error) {
	return body(a.people.ChangeRole(ctx, asker(ctx), alveary.RoleID(in.ID), in.Body))
}

func (a *API) deleteRole(ctx context.Context, in *IDIn) (*struct{}, error) {
	return nil, a.people.DeleteRole(ctx, asker(ctx), alveary.RoleID(in.ID))
}

func (a *API) groups(ctx context.Context, _ *struct{}) (*itemsOut[people.Group], error) {
	return items(a.people.Groups(ctx, asker(ctx)))
}

type addGroupIn struct{ Body people.NewGroup }

func (a *API) addGroup(ctx context.Context, in *addGroupIn) (*bodyOut[people.Group], error) {
	return body(a.people.AddGroup(ctx, asker(ctx), in.Body))
}

func (a *API) deleteGroup(ctx context.Context, in *IDIn) (*struct{}, error) {
	return nil, a.people.DeleteGroup(ctx, asker(ctx), in.ID)
}

func (a *API) user(ctx context.Context, in *IDIn) (*bodyOut[people.UserDocument], error) {
	return body(a.people.User(ctx, asker(ctx), in.ID))
}

type changeUserIn struct {
	IDIn
	Body people.UserPatch
}

func (a *API) changeUser(ctx context.Context, in *changeUserIn) (*bodyOut[people.UserDocument], error) {
	return body(a.people.ChangeUser(ctx, asker(ctx), in.ID, in.Body))
}
