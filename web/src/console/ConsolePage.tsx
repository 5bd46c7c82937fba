import { IconLock } from '@tabler/icons-react';
import { lazy, type ReactNode, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Redirect, useLocation } from 'wouter';
import { type ConsolePart, consoleParts, consolePath, newPolicyPath, readConsolePath } from '../app/paths';
import { Empty, Waiting } from '../files/Empty';
import { Nowhere } from '../files/FilesPage';
import { RailButton } from '../files/Header';
import css from './Console.module.css';
import { useReach } from './parts/useReach';

const PoliciesPage = lazy(() => import('./policies/PoliciesPage'));
const NewPolicyPage = lazy(() => import('./policies/NewPolicyPage'));
const PolicyPage = lazy(() => import('./policies/PolicyPage'));
const RolesPage = lazy(() => import('./roles/RolesPage'));
const RolePage = lazy(() => import('./roles/RolePage'));
const GroupsPage = lazy(() => import('./groups/GroupsPage'));
const GroupPage = lazy(() => import('./groups/GroupPage'));
const PeoplePage = lazy(() => import('./people/PeoplePage'));
const NewPersonPage = lazy(() => import('./people/NewPersonPage'));
const ImportPage = lazy(() => import('./people/ImportPage'));
const LeavingPage = lazy(() => import('./people/LeavingPage'));
const GroupLeavingPage = lazy(() => import('./groups/GroupLeavingPage'));
const LocksPage = lazy(() => import('./locks/LocksPage'));
const SettingsPage = lazy(() => import('./settings/SettingsPage'));
const PersonPage = lazy(() => import('./people/PersonPage'));
const WorkspacesPage = lazy(() => import('./workspaces/WorkspacesPage'));
const WorkspacePage = lazy(() => import('./workspaces/WorkspacePage'));
const SharesPage = lazy(() => import('./shares/SharesPage'));
const ReviewsPage = lazy(() => import('./shares/ReviewsPage'));
const HousePage = lazy(() => import('./house/HousePage'));
const RulePage = lazy(() => import('./house/RulePage'));
const ExplainPage = lazy(() => import('./explain/ExplainPage'));

/** The administrators' console: each part and each record under an address of its own. */
export default function ConsolePage() {
  const { t } = useTranslation();
  const reach = useReach();
  if (!reach) return <Waiting />;
  const [home] = consoleParts.filter((part) => reach.has(part));
  if (!home) {
    return (
      <>
        <header className={css.header}><RailButton /></header>
        <Empty icon={IconLock} title={t('console.adminsTitle')} text={t('console.adminsText')} />
      </>
    );
  }
  return <Suspense fallback={<Waiting />}><Routed home={home} /></Suspense>;
}

// Records may be called anything, so their addresses are read as they stand
// and not as the router decodes them.
function Routed({ home }: { home: ConsolePart }): ReactNode {
  useLocation();
  const { pathname } = location;
  if (pathname.replace(/\/$/, '') === consolePath()) return <Redirect to={consolePath(home)} replace />;
  if (pathname === newPolicyPath) return <NewPolicyPage />;
  const { part, id, chapter } = readConsolePath(pathname) ?? {};
  if (chapter === 'leave' && id !== undefined) {
    if (part === 'people') return <LeavingPage key={id} id={id} />;
    if (part === 'groups') return <GroupLeavingPage key={id} id={id} />;
  }
  if (chapter !== undefined && part !== 'policies') return <Nowhere />;
  switch (part) {
    case 'policies': return id === undefined ? <PoliciesPage /> : <PolicyPage key={id} id={id} chapter={chapter} />;
    case 'roles': return id === undefined ? <RolesPage /> : <RolePage key={id} id={id} />;
    case 'groups': return id === undefined ? <GroupsPage /> : <GroupPage key={id} id={id} />;
    case 'people':
      // People are known by figures, so these two can stand among them.
      if (id === 'new') return <NewPersonPage />;
      if (id === 'import') return <ImportPage />;
      return id === undefined ? <PeoplePage /> : <PersonPage key={id} id={id} />;
    case 'workspaces': return id === undefined ? <WorkspacesPage /> : <WorkspacePage key={id} slug={id} />;
    case 'shares': return id === undefined ? <SharesPage /> : id === 'reviews' ? <ReviewsPage /> : <Nowhere />;
    case 'house': return id === undefined ? <HousePage /> : <RulePage key={id} id={id} />;
    case 'explain': return id === undefined ? <ExplainPage /> : <Nowhere />;
    case 'locks': return id === undefined ? <LocksPage /> : <Nowhere />;
    case 'settings': return <SettingsPage chapter={id} />;
    default: return <Nowhere />;
  }
}
