import { useTranslation } from 'react-i18next';
import { useSession } from '../app/queries';
import { useTitle } from '../app/title';
import { RailButton } from '../files/Header';
import css from './Account.module.css';
import { External } from './External';
import { Factors } from './Factors';
import { Look } from './Look';
import { Password } from './Password';
import { Profile } from './Profile';
import { Roles } from './Roles';
import { Sessions } from './Sessions';
import { Teams } from './Teams';
import { Tokens } from './Tokens';
import Wishes from '../notices/Wishes';

/** What a person may see and change about herself. */
export default function AccountPage() {
  const { t } = useTranslation();
  useTitle(t('account.open'));
  const user = useSession().data?.user;
  if (!user) return null;
  const chapters = [
    ['profile', t('account.profile')], ['look', t('account.look')], ['password', t('entry.password')], ['factors', t('factors.title')], ['sessions', t('account.sessions')],
    ['tokens', t('account.tokens')], ['notices', t('notice.bell')], ['teams', t('teams.title')], ['roles', t('stack.mine')],
  ] as const;
  return (
    <div className={css.page}>
      <header className={css.header}>
        <RailButton />
        <h1>{t('account.open')}</h1>
      </header>
      <div className={css.scroll} tabIndex={-1}>
        <div className={css.beside}>
          <nav aria-label={t('account.chapters')} className={css.chapters}>
            {chapters.map(([id, label]) => <a key={id} href={`#${id}`}>{label}</a>)}
          </nav>
          <div className={css.column}>
            <Profile user={user} />
            <Look />
            <Password login={user.login} />
            <Factors />
            <Sessions />
            <Tokens />
            <Wishes />
            <Teams />
            <External />
            <Roles />
          </div>
        </div>
      </div>
    </div>
  );
}
