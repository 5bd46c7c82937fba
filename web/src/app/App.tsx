import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense, useMemo } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { Announcer } from '../feedback/announce';
import { Toasts } from '../feedback/Toasts';
import { FilesPage, Nowhere } from '../files/FilesPage';
import { Waiting } from '../files/Empty';
import { withConsoleWords, withShareWords } from '../i18n';
import { Shell } from '../shell/Shell';
import { Boundary } from './Boundary';
import { FreshSignIn } from './fresh';
import { type House, useHouse, useRememberedHouse } from './house';
import { filesPath } from './paths';
import { queryClient, useSession, useWorkspaces } from './queries';
import { themeOf, variablesOf } from './theme';
import { ListError } from '../files/Empty';
import './signedOut';

const BinPage = lazy(() => import('../bin/BinPage'));
const AccountPage = lazy(() => withShareWords(import('../account/AccountPage')));
const CellPage = lazy(() => withShareWords(import('../share/CellPage')));
const LinkPage = lazy(() => withShareWords(import('../share/LinkPage')));
const SharesPage = lazy(() => withShareWords(import('../share/SharesPage')));
const RequestsPage = lazy(() => withShareWords(import('../share/RequestsPage')));
const NoticesPage = lazy(() => withShareWords(import('../notices/NoticesPage')));
const ConsolePage = lazy(() => withConsoleWords(import('../console/ConsolePage')));

/** The routes: the map of the whole page. */
export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <Painted>
        <SignedIn>
          <Shell>
            <Boundary>
              <Suspense fallback={<Waiting />}>
                <Switch>
                  <Route path="/"><Home /></Route>
                  <Route path="/files/*"><FilesPage /></Route>
                  <Route path="/bin"><BinPage /></Route>
                  <Route path="/cells/:id">{({ id }) => <CellPage key={id} id={id} />}</Route>
                  <Route path="/links/:id">{({ id }) => <LinkPage key={id} id={id} />}</Route>
                  <Route path="/shared/by-me"><SharesPage key="by-me" scope="by-me" /></Route>
                  <Route path="/shared/with-me"><SharesPage key="with-me" scope="with-me" /></Route>
                  <Route path="/requests"><RequestsPage /></Route>
                  <Route path="/notices"><NoticesPage /></Route>
                  <Route path="/account"><AccountPage /></Route>
                  <Route path="/console/*?"><ConsolePage /></Route>
                  <Route><Nowhere /></Route>
                </Switch>
              </Suspense>
            </Boundary>
          </Shell>
        </SignedIn>
        <FreshSignIn />
        <Toasts />
        <Announcer />
      </Painted>
    </QueryClientProvider>
  );
}

// The page in the colour of its house.
function Painted({ children }: { children: ReactNode }) {
  const accent = useHouse()?.accent ?? '';
  const theme = useMemo(() => themeOf(accent), [accent]);
  const variables = useMemo(() => variablesOf(accent), [accent]);
  return <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">{children}</MantineProvider>;
}

// Nothing of the page is shown before it is known who looks at it, and in whose
// house; whoever is signed out is on the way to the sign-in page already.
function SignedIn({ children }: { children: ReactNode }) {
  const session = useSession();
  const house = useHouse();
  if (session.data && house) return <InHouse house={house}>{children}</InHouse>;
  if (session.error) return <ListError error={session.error} retry={() => void session.refetch()} />;
  return <Waiting />;
}

function InHouse({ house, children }: { house: House; children: ReactNode }) {
  useRememberedHouse(house);
  return children;
}

function Home() {
  const workspaces = useWorkspaces();
  const first = workspaces.data?.[0];
  if (first) return <Redirect to={filesPath(first.slug)} replace />;
  if (workspaces.data) return <Nowhere />;
  if (workspaces.error) return <ListError error={workspaces.error} retry={() => void workspaces.refetch()} />;
  return <Waiting />;
}
