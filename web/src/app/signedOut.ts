// What happens when an answer says that the session has ended: the sign-in
// page, with the way back here. Only a running upload stays, because leaving
// the page would lose it; its panel asks to sign in.
import { onSignedOut } from '../api/http';
import { underWay } from '../upload/queue';
import { signInPath } from './paths';

let leaving = false;

onSignedOut(() => {
  if (leaving || underWay()) return;
  leaving = true;
  location.replace(signInPath(location));
});
