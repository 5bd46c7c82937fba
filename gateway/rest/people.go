package rest

import (
	"context"

	"alveary"
	"alveary/gateway/rest/operation"
	"alveary/service/people"
)

func (a *API) roles(ctx context.Context, _ *struct{}) (*operation.List[people.Role], error) {
	return operation.Items(a.people.Roles(ctx, operation.Asker(ctx)))
}

type addRoleIn struct{ Body people.NewRole }

func (a *API) addRole(ctx context.Context, in *addRoleIn) (*operation.One[people.Role], error) {
	return operation.Body(a.people.AddRole(ctx, operation.Asker(ctx), in.Body))
}

type changeRoleIn struct {
	operation.IDIn
	Body people.RolePatch
}

func (a *API) changeRole(ctx context.Context, in *changeRoleIn) (*operation.One[people.Role], error) {
	return operation.Body(a.people.ChangeRole(ctx, operation.Asker(ctx), alveary.RoleID(in.ID), in.Body))
}

func (a *API) deleteRole(ctx context.Context, in *operation.IDIn) (*struct{}, error) {
	return nil, a.people.DeleteRole(ctx, operation.Asker(ctx), alveary.RoleID(in.ID))
}

func (a *API) groups(ctx context.Context, _ *struct{}) (*operation.List[people.Group], error) {
	return operation.Items(a.people.Groups(ctx, operation.Asker(ctx)))
}

type addGroupIn struct{ Body people.NewGroup }

func (a *API) addGroup(ctx context.Context, in *addGroupIn) (*operation.One[people.Group], error) {
	return operation.Body(a.people.AddGroup(ctx, operation.Asker(ctx), in.Body))
}

func (a *API) deleteGroup(ctx context.Context, in *operation.IDIn) (*struct{}, error) {
	return nil, a.people.DeleteGroup(ctx, operation.Asker(ctx), in.ID)
}

func (a *API) user(ctx context.Context, in *operation.IDIn) (*operation.One[people.UserDocument], error) {
	return operation.Body(a.people.User(ctx, operation.Asker(ctx), in.ID))
}

type changeUserIn struct {
	operation.IDIn
	Body people.UserPatch
}

func (a *API) changeUser(ctx context.Context, in *changeUserIn) (*operation.One[people.UserDocument], error) {
	return operation.Body(a.people.ChangeUser(ctx, operation.Asker(ctx), in.ID, in.Body))
}
